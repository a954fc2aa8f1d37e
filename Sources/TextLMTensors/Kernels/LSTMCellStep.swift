import CTextLMKernels

/// One step of LSTM cells, whatever their pre-activations came from, with what its gradient needs.
///
/// ```
/// c = σ(f) c₋₁ + σ(i) tanh(g);  h = σ(o) tanh(c)
/// ```
package struct LSTMCellStep {
  /// h, [B, H].
  package let hidden: Tensor
  /// c, [B, H].
  package let cell: Tensor
  private let gates: Tensor
  private let cellBefore: Tensor

  /// From the pre-activations i, f, g, o [B, 4H] and c₋₁ [B, H].
  package init(preactivations: Tensor, cell before: Tensor) {
    let (batchSize, hiddenSize) = (before.shape[0], before.shape.width)
    require(
      preactivations.shape == [batchSize, 4 * hiddenSize],
      "lstm cell: pre-activations \(preactivations.shape) for a cell \(before.shape)")
    let results = withExtendedLifetime((preactivations, before)) {
      Tensor.written([preactivations.shape, before.shape, before.shape]) { addresses in
        addresses[0].update(from: preactivations.address, count: preactivations.shape.count)
        tlm_lstm_cell_forward(
          batchSize, hiddenSize, before.address, addresses[0], addresses[1], addresses[2])
      }
    }
    (gates, cell, hidden) = (results[0], results[1], results[2])
    cellBefore = before
  }

  /// Gradients of the pre-activations and of c₋₁ from those of h and c; nil is zero.
  package func gradients(
    hidden: Tensor?, cell cellGradient: Tensor?
  ) -> (preactivations: Tensor, cell: Tensor) {
    let (batchSize, hiddenSize) = (cell.shape[0], cell.shape[1])
    let results = withExtendedLifetime((gates, cell, cellBefore, hidden, cellGradient)) {
      Tensor.written([gates.shape, cell.shape]) { addresses in
        tlm_lstm_cell_backward(
          batchSize, hiddenSize, gates.address, cell.address, cellBefore.address, hidden?.address,
          cellGradient?.address, addresses[0], addresses[1])
      }
    }
    return (results[0], results[1])
  }
}
