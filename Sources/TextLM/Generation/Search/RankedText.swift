/// A whole text that a model wrote and that was compared with others.
public struct RankedText: Sendable, Equatable {
  /// Its tokens.
  public let tokens: [WrittenToken]
  /// Why it ended.
  public let finishReason: FinishReason
  /// Nats a token, or whatever it was ranked by: less is better.
  public let score: Double
  /// The seed that it was drawn with; nil if nothing was drawn.
  public let seed: UInt64?

  /// What its tokens cost under the model itself.
  public var nats: Double { tokens.reduce(0) { $0 + $1.nats } }
}
