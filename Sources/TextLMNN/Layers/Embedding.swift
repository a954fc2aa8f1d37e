public import TextLMTensors

/// A table of vectors, one a token.
public struct Embedding: Sendable {
  /// V, the number of tokens.
  public let vocabularySize: Int
  /// E, the width of the vectors.
  public let embeddingSize: Int
  /// The table `weight`, [V, E].
  public let weight: Parameter

  /// A table called `weight` in `scope`, by default normal with standard deviation 1.
  ///
  /// That suits a table of its own; one that also serves as output weights needs smaller numbers.
  public init(
    vocabularySize: Int, embeddingSize: Int,
    initializer: Initializer = .normal(standardDeviation: 1), in scope: ParameterScope
  ) throws {
    self.vocabularySize = vocabularySize
    self.embeddingSize = embeddingSize
    weight = try scope.parameter("weight", [vocabularySize, embeddingSize], initializer)
  }

  /// The vectors of the tokens, [T, B, E]. Requires tokens in 0 ..< V.
  public func callAsFunction(_ tokens: TokenBatch, _ pass: ForwardPass) -> Tensor {
    pass.gather(tokens, from: pass.value(of: weight))
  }
}
