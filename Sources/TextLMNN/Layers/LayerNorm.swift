public import TextLMTensors

/// Layer normalization of the last axis: y = gain · (x − mean x) / √(variance x + 10⁻⁵) + bias.
///
/// Reference: Jimmy Lei Ba, Jamie Ryan Kiros and Geoffrey Hinton, "Layer Normalization", 2016.
public struct LayerNorm: Layer {
  private let gain: Parameter
  private let bias: Parameter

  /// A layer with PyTorch's parameters: the gain `weight` [size], ones, and `bias` [size], zeros.
  public init(size: Int, in scope: ParameterScope) throws {
    gain = try scope.parameter("weight", [size], .constant(1))
    bias = try scope.parameter("bias", [size], .zeros)
  }

  /// The input [.., size], normalized.
  public func callAsFunction(_ input: Tensor, _ pass: ForwardPass) -> Tensor {
    pass.layerNorm(input, gain: pass.value(of: gain), bias: pass.value(of: bias))
  }
}
