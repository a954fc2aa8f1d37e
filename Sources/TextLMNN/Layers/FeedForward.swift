public import TextLMTensors

/// y = W₂ gelu(W₁ x + b₁) + b₂, at each place by itself.
///
/// Parameters: `expand.weight` and `expand.bias`, `contract.weight` and `contract.bias`.
public struct FeedForward: Layer {
  private let expand: Linear
  private let contract: Linear

  /// A layer of `width` in and out and `innerSize` between.
  public init(width: Int, innerSize: Int, in scope: ParameterScope) throws {
    expand = try Linear(inputSize: width, outputSize: innerSize, in: scope["expand"])
    contract = try Linear(inputSize: innerSize, outputSize: width, in: scope["contract"])
  }

  /// [.., width] becomes [.., width].
  public func callAsFunction(_ input: Tensor, _ pass: ForwardPass) -> Tensor {
    contract(pass.gelu(expand(input, pass)), pass)
  }
}
