public import TextLMTensors

/// Zeroes elements at random while training, so that no unit relies on another.
///
/// Reference: Nitish Srivastava et al., "Dropout", 2014.
public struct Dropout: Layer {
  /// Probability of an element being zeroed.
  public let rate: Float

  /// Requires 0 <= rate < 1.
  public init(rate: Float) {
    require(rate >= 0 && rate < 1, "dropout: the rate \(rate) is not in 0 ..< 1")
    self.rate = rate
  }

  /// The input with some elements zeroed and the others divided by 1 − rate; in inference the input
  /// itself.
  public func callAsFunction(_ input: Tensor, _ pass: ForwardPass) -> Tensor {
    pass.dropout(input, rate: rate)
  }
}
