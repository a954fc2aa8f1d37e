#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where a model loses: the loss of texts by what characters are and by where they stand.
///
/// Within each table the groups have every token once, so that their nats add up to those of the texts.
public struct LossBreakdown: Sendable, Equatable {
  /// Tokens that are alike.
  public struct Group: Sendable, Equatable {
    /// What they have in common.
    public let name: String
    /// How many they are.
    public internal(set) var tokenCount: Int
    /// What they cost together, in nats.
    public internal(set) var nats: Double

    /// Their mean, in nats.
    public var natsPerToken: Double { nats / Double(tokenCount) }
    /// Their mean, in bits.
    public var bitsPerToken: Double { natsPerToken / log(2) }
  }

  /// Groups that differ in one thing.
  public struct Table: Sendable, Equatable {
    /// What they differ in: `class`, `script`, `in line`, `in word` or `in document`.
    public let name: String
    /// The groups that have tokens, by class and position in their natural order, by script the most
    /// frequent first.
    public let groups: [Group]
  }

  /// All tables; that of scripts only where a text has letters of several.
  public let tables: [Table]
  /// Tokens of all texts.
  public let tokenCount: Int
  /// What they cost, in nats.
  public let nats: Double
}

extension TextModel {
  /// Where the model loses on these texts, each read on its own.
  ///
  /// Throws `ScoringError.empty` with the place of a text without characters.
  public func lossBreakdown(
    _ texts: [UTF8Text], precision: ComputePrecision = Engine.evaluationPrecision,
    context: ScoringContext = .standard
  ) throws(ScoringError) -> LossBreakdown {
    var counter = LossCounter()
    for (index, text) in texts.enumerated() {
      let scores = scoreTokens(text, precision: precision, context: context)
      guard !scores.isEmpty else { throw .empty(index: index) }
      counter.add(scores, of: text)
    }
    return counter.breakdown
  }
}
