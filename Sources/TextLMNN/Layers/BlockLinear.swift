public import TextLMTensors

/// A linear map of each group of neighbouring elements by itself, without bias.
///
/// Parameter: `weight` [G, S, S], for G groups of S elements: yᵍ = W[g] xᵍ.
public struct BlockLinear: Layer {
  private let weight: Parameter

  /// A map of `width` elements in groups of `groupSize`, 2 or 4, which must divide it.
  public init(width: Int, groupSize: Int, in scope: ParameterScope) throws {
    require(
      [2, 4].contains(groupSize) && width.isMultiple(of: groupSize),
      "block linear: \(width) in groups of \(groupSize)")
    weight = try scope.parameter(
      "weight", [width / groupSize, groupSize, groupSize],
      .normal(standardDeviation: (2 / (5 * Double(groupSize))).squareRoot()))
  }

  /// [.., width] becomes [.., width].
  public func callAsFunction(_ input: Tensor, _ pass: ForwardPass) -> Tensor {
    pass.blockLinear(input, weight: pass.value(of: weight))
  }
}

extension ForwardPass {
  /// W[g] x for each group g of S neighbouring elements: input [.., G · S], weight [G, S, S]; S is 2 or 4.
  func blockLinear(_ input: Tensor, weight: Tensor) -> Tensor {
    let output = input.blockLinear(weight)
    tape?.record(output: output, inputs: [input, weight]) { gradient in
      let gradients = input.blockLinearGradients(weight, output: gradient)
      return [gradients.input, gradients.weight]
    }
    return output
  }
}
