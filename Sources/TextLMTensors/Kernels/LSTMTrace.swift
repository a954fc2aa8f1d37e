import CTextLMKernels

/// What an LSTM layer computed over a whole sequence, kept for its backward pass.
///
/// ```
/// i, f, g, o = W_ih x + b + W_hh h₋₁
/// c = σ(f) c₋₁ + σ(i) tanh(g)
/// h = σ(o) tanh(c)
/// ```
///
/// Letters: T steps, B rows, H hidden units. W_hh is [4H, H], the gates together are [T, B, 4H].
package struct LSTMTrace {
  /// Outputs [T, B, H].
  package let hidden: Tensor
  /// Cell states [T, B, H].
  package let cells: Tensor
  /// Activated gates [T, B, 4H].
  private var gates: Tensor
  /// h before the first step, [B, H].
  package let initialHidden: Tensor
  /// c before the first step, [B, H].
  private let initialCell: Tensor
  /// Where a row's state is zero before a step, [T, B]; nil for nowhere.
  private let restarts: [Bool]?

  /// Runs all steps given the input's part of the pre-activations, W_ih x + b, [T, B, 4H].
  ///
  /// Overwrites `projected` where nobody else holds it. `recurrent` is W_hh transposed; the initial
  /// state is [B, H], and before a step at which `restarts` [T, B] is true for a row, its state is
  /// zero.
  package init(
    projected: consuming Tensor, recurrent: PackedMatrix, initialHidden: Tensor,
    initialCell: Tensor, restarts: [Bool]?
  ) {
    require(
      projected.shape.rank == 3 && projected.shape[1] == initialHidden.shape[0],
      "LSTM: projected input \(projected.shape) and state \(initialHidden.shape) do not match")
    self.init(
      gates: projected, gathering: nil, recurrent: recurrent, initialHidden: initialHidden,
      initialCell: initialCell, restarts: restarts)
  }

  /// Runs all steps where the input's part of the pre-activations at each place is the row of
  /// `table` [V, 4H] that `tokens` (time-major, T·B of them) names.
  package init(
    tokens: [Int32], table: Tensor, recurrent: PackedMatrix, initialHidden: Tensor,
    initialCell: Tensor, restarts: [Bool]?
  ) {
    table.requireRows(tokens, "LSTM")
    let batch = initialHidden.shape[0]
    require(
      tokens.count.isMultiple(of: batch), "LSTM: \(tokens.count) tokens for \(batch) rows")
    self.init(
      gates: Tensor(shape: [tokens.count / batch, batch, table.shape[1]]) { _ in },
      gathering: (tokens, table), recurrent: recurrent, initialHidden: initialHidden,
      initialCell: initialCell, restarts: restarts)
  }

  private init(
    gates: consuming Tensor, gathering source: (tokens: [Int32], table: Tensor)?,
    recurrent: PackedMatrix, initialHidden: Tensor, initialCell: Tensor, restarts: [Bool]?
  ) {
    let (time, batch) = (gates.shape[0], gates.shape[1])
    let hiddenSize = recurrent.inputSize
    require(time > 0, "LSTM: a sequence of no steps")
    require(
      gates.shape[2] == 4 * hiddenSize && recurrent.outputSize == 4 * hiddenSize,
      """
      LSTM: gates \(gates.shape) and recurrent weights \
      [\(recurrent.outputSize), \(hiddenSize)] do not match
      """)
    require(
      initialHidden.shape == [batch, hiddenSize] && initialCell.shape == [batch, hiddenSize],
      "LSTM: state \(initialHidden.shape), \(initialCell.shape) is not [\(batch), \(hiddenSize)]")
    require(
      restarts.map { $0.count == time * batch } ?? true,
      "LSTM: restarts are not given for \(time) steps of \(batch) rows")
    var cells = Tensor(shape: [time, batch, hiddenSize]) { _ in }
    var hidden = Tensor(shape: [time, batch, hiddenSize]) { _ in }
    withExtendedLifetime((recurrent, source?.table, initialHidden, initialCell)) {
      let gatesCount = gates.shape.count
      gates.overwrite { before, gates in
        if before != UnsafePointer(gates) { gates.update(from: before, count: gatesCount) }
        cells.overwrite { _, cells in
          hidden.overwrite { _, hidden in
            tlm_lstm_forward(
              time, batch, hiddenSize, recurrent.handle, source?.tokens, source?.table.address,
              initialHidden.address, initialCell.address, restarts, gates, cells, hidden)
          }
        }
      }
    }
    self.hidden = hidden
    self.cells = cells
    self.gates = gates
    self.initialHidden = initialHidden
    self.initialCell = initialCell
    self.restarts = restarts
  }

  /// Gradients of the pre-activations [T, B, 4H] and of the initial state [B, H], each.
  ///
  /// Takes the gradients of all outputs [T, B, H] and of the state after the last step [B, H]; nil
  /// is zero. `recurrent` is W_hh as it is. Writes over the gates, which is why this is the end of
  /// the trace.
  package consuming func gradients(
    hidden hiddenGradient: Tensor?, lastHidden: Tensor?, lastCell: Tensor?, recurrent: PackedMatrix
  ) -> (preactivations: Tensor, initialHidden: Tensor, initialCell: Tensor) {
    let (time, batch, hiddenSize) = (cells.shape[0], cells.shape[1], cells.shape[2])
    let fromAbove = hiddenGradient ?? Tensor(zeros: cells.shape)
    let (cells, initialCell, restarts) = (cells, initialCell, restarts)
    var initialHiddenGradient = Tensor(shape: initialCell.shape) { _ in }
    var initialCellGradient = Tensor(shape: initialCell.shape) { _ in }
    withExtendedLifetime((recurrent, cells, initialCell, fromAbove, lastHidden, lastCell)) {
      gates.overwrite { gates, preactivationGradient in
        initialHiddenGradient.overwrite { _, initialHiddenGradient in
          initialCellGradient.overwrite { _, initialCellGradient in
            tlm_lstm_backward(
              time, batch, hiddenSize, recurrent.handle, gates, cells.address,
              initialCell.address, restarts, fromAbove.address, lastHidden?.address,
              lastCell?.address,
              preactivationGradient, initialHiddenGradient, initialCellGradient)
          }
        }
      }
    }
    return (gates, initialHiddenGradient, initialCellGradient)
  }
}
