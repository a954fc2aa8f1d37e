public import TextLMTensors

/// What a recurrent layer remembers that has nothing but its last output.
public struct HiddenState: EncoderState {
  /// h, the last output, [B, H].
  public var hidden: Tensor

  /// A state of the given tensor, [B, H].
  public init(hidden: Tensor) {
    self.hidden = hidden
  }

  /// Maps h.
  public func mapTensors(_ transform: (Tensor) throws -> Tensor) rethrows -> HiddenState {
    try HiddenState(hidden: transform(hidden))
  }
}
