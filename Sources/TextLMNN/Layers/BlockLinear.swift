public import TextLMTensors

/// A linear map of each group of neighbouring elements by itself, without bias.
///
/// Parameter: `weight` [G, S, S], for G groups of S elements: yᵍ = W[g] xᵍ.
public struct BlockLinear: Layer {
  private let groupCount: Int
  private let groupSize: Int
  private let weight: Parameter

  /// A map of `width` elements in groups of `groupSize`, which must divide it.
  public init(width: Int, groupSize: Int, in scope: ParameterScope) throws {
    require(
      width.isMultiple(of: groupSize), "block linear: \(width) in groups of \(groupSize)")
    groupCount = width / groupSize
    self.groupSize = groupSize
    weight = try scope.parameter(
      "weight", [groupCount, groupSize, groupSize],
      .normal(standardDeviation: (2 / (5 * Double(groupSize))).squareRoot()))
  }

  /// [.., width] becomes [.., width].
  public func callAsFunction(_ input: Tensor, _ pass: ForwardPass) -> Tensor {
    let rows = input.shape.rowCount
    let grouped = pass.permute(
      input.reshaped(to: [rows, groupCount, groupSize]), [1, 0, 2])  // [G, rows, S]
    let mapped = pass.batchedMatmul(grouped, pass.value(of: weight), transposeRight: true)
    return pass.permute(mapped, [1, 0, 2]).reshaped(to: input.shape)
  }
}
