public import TextLMTensors

/// Root-mean-square normalization of the last axis: y = gain · x / √(mean x² + ε).
///
/// Reference: Biao Zhang and Rico Sennrich, "Root Mean Square Layer Normalization", 2019.
public struct RMSNorm: Layer {
  private let gain: Parameter

  /// A layer with the parameter `weight` [size], which is `gain` everywhere at first.
  public init(size: Int, gain: Float = 1, in scope: ParameterScope) throws {
    self.gain = try scope.parameter("weight", [size], .constant(gain))
  }

  /// The input [.., size], normalized.
  public func callAsFunction(_ input: Tensor, _ pass: ForwardPass) -> Tensor {
    pass.rmsNorm(input, gain: pass.value(of: gain))
  }
}
