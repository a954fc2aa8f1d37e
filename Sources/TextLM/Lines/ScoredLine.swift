/// A line with what it cost.
public struct ScoredLine: Sendable, Equatable {
  /// The line as it was read: with its line feed, but for a model whose documents are lines.
  public let text: UTF8Text
  /// What was predicted, in the order of the text; at the end the boundary token where the line is a
  /// document.
  public let tokens: [TokenID]
  /// −ln p of each token, with the cost of naming an unknown character.
  public let nats: [Double]

  /// What the line cost, in nats.
  public var totalNats: Double { nats.reduce(0, +) }
  /// Unicode scalars of the line; its end is one, whether it is a line feed or a document's end.
  public var characterCount: Int {
    text.characterCount + (tokens.last == Vocabulary.boundary ? 1 : 0)
  }
  /// Tokens that stand for unknown characters.
  public var unknownCount: Int { tokens.count { $0 == Vocabulary.unknown } }
}
