public import TextLMTensors

/// A sum of vectors that still tells in which order they were: the bag of a memory network's sentence.
///
/// ```
/// y = Σ_j l_j ∘ x_j;  l_jk = 1 + 4 (k − (D + 1) / 2) (j − (J + 1) / 2) / (D J)     j = 1 .. J, k = 1 .. D
/// ```
///
/// The first elements of y lean towards the first vectors, the last towards the last ones. There is
/// nothing to learn in it.
///
/// Reference: Sainbayar Sukhbaatar et al., "End-To-End Memory Networks", 2015.
public struct PositionEncoding: Layer {
  /// J, the number of vectors that are summed.
  public let count: Int
  /// D, their width.
  public let width: Int
  /// l, [J, D].
  public let weights: Tensor

  /// The encoding of `count` vectors of `width` elements. Requires at least one of each.
  public init(count: Int, width: Int) {
    require(count > 0 && width > 0, "position encoding: \(count) vectors of width \(width)")
    self.count = count
    self.width = width
    let scale = 4 / Double(width * count)
    weights = Tensor(
      (0..<count * width).map { place in
        let position = Double(place / width) - Double(count - 1) / 2
        let element = Double(place % width) - Double(width - 1) / 2
        return Float(1 + scale * element * position)
      }, shape: [count, width])
  }

  /// [.., J, D] becomes [.., D].
  public func callAsFunction(_ input: Tensor, _ pass: ForwardPass) -> Tensor {
    require(
      input.shape.dimensions.suffix(2) == [count, width],
      "position encoding: \(input.shape) does not end in \(count) vectors of width \(width)")
    return pass.sum(pass.multiply(input, weights), axis: input.shape.rank - 2)
  }
}
