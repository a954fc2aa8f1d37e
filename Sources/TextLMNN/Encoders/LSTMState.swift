public import TextLMTensors

/// What an LSTM layer remembers.
public struct LSTMState: EncoderState {
  /// h, the last output, [B, H].
  public var hidden: Tensor
  /// c, the cell state, [B, H].
  public var cell: Tensor

  /// A state of the given tensors, [B, H] each.
  public init(hidden: Tensor, cell: Tensor) {
    self.hidden = hidden
    self.cell = cell
  }

  /// Maps h, then c.
  public func mapTensors(_ transform: (Tensor) throws -> Tensor) rethrows -> LSTMState {
    try LSTMState(hidden: transform(hidden), cell: transform(cell))
  }
}
