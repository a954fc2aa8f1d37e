import CTextLMKernels

/// What an LSTM layer does beyond `LSTMTrace`: layer normalization of its gates and its cell, and
/// zoneout.
///
/// ```
/// a = W_ih x's part + LN(W_hh h₋₁) · recurrentGain
/// c̃ = σ(f) c₋₁ + σ(i) tanh(g);  h̃ = σ(o) tanh(LN(c̃) · cellGain + cellBias)
/// c = z_c c₋₁ + (1 − z_c) c̃;  h = z_h h₋₁ + (1 − z_h) h̃
/// ```
package struct LSTMVariant {
  /// The tensors of layer normalization.
  package struct Normalization {
    /// [4H], in the order of the gates.
    package let recurrentGain: Tensor
    /// [H]
    package let cellGain: Tensor
    /// [H]
    package let cellBias: Tensor
    /// ε beside the variance.
    package let epsilon: Float

    /// Nothing but the fields.
    package init(recurrentGain: Tensor, cellGain: Tensor, cellBias: Tensor, epsilon: Float) {
      self.recurrentGain = recurrentGain
      self.cellGain = cellGain
      self.cellBias = cellBias
      self.epsilon = epsilon
    }
  }

  /// Nil for none, neither of gates nor of cells.
  package var normalization: Normalization?
  /// Probability of a unit keeping its cell state.
  package var zoneoutCell: Float
  /// Probability of a unit keeping its output.
  package var zoneoutHidden: Float
  /// Keys of the masks for cells and outputs; nil for what masks do on average, z being the
  /// probability.
  package var keys: (cell: UInt64, hidden: UInt64)?

  /// Nothing but the fields.
  package init(
    normalization: Normalization?, zoneoutCell: Float, zoneoutHidden: Float,
    keys: (cell: UInt64, hidden: UInt64)?
  ) {
    self.normalization = normalization
    self.zoneoutCell = zoneoutCell
    self.zoneoutHidden = zoneoutHidden
    self.keys = keys
  }

  /// The same for the kernels; addresses are valid within `body`.
  func withKernelValue<Result>(_ body: (inout tlm_lstm_variant) -> Result) -> Result {
    withExtendedLifetime(normalization) {
      var value = tlm_lstm_variant(
        recurrent_gain: normalization?.recurrentGain.address,
        cell_gain: normalization?.cellGain.address, cell_bias: normalization?.cellBias.address,
        epsilon: normalization?.epsilon ?? 0, zoneout_cell: zoneoutCell,
        zoneout_hidden: zoneoutHidden, is_sampled: keys != nil, cell_key: keys?.cell ?? 0,
        hidden_key: keys?.hidden ?? 0)
      return body(&value)
    }
  }

  /// Stops on sizes that are not those of `hiddenSize` units.
  func requireSizes(hiddenSize: Int) {
    guard let normalization else { return }
    require(
      normalization.recurrentGain.shape == [4 * hiddenSize]
        && normalization.cellGain.shape == [hiddenSize]
        && normalization.cellBias.shape == [hiddenSize],
      """
      LSTM: gains \(normalization.recurrentGain.shape), \(normalization.cellGain.shape), \
      \(normalization.cellBias.shape) for \(hiddenSize) units
      """)
  }
}
