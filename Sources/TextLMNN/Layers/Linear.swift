public import TextLMTensors

/// y = W x + b on the last axis.
public struct Linear: Layer {
  /// Width of the inputs.
  public let inputSize: Int
  /// Width of the outputs.
  public let outputSize: Int
  private let weight: Parameter
  private let bias: Parameter?

  /// A layer with parameters `weight` [outputSize, inputSize], Glorot's unless said otherwise, and
  /// `bias` [outputSize], zeros.
  public init(
    inputSize: Int, outputSize: Int, hasBias: Bool = true,
    initializer: Initializer = .xavierUniform(), in scope: ParameterScope
  ) throws {
    self.inputSize = inputSize
    self.outputSize = outputSize
    weight = try scope.parameter("weight", [outputSize, inputSize], initializer)
    bias = hasBias ? try scope.parameter("bias", [outputSize], .zeros) : nil
  }

  /// [.., inputSize] becomes [.., outputSize].
  public func callAsFunction(_ input: Tensor, _ pass: ForwardPass) -> Tensor {
    pass.linear(input, weight: pass.value(of: weight), bias: bias.map(pass.value))
  }
}
