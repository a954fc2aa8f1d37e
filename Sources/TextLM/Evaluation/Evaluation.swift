#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How well a text was predicted: a sum of costs with the sizes to divide it by.
///
/// Sums are in Double and weighted by token; evaluations of several texts are added, never
/// averaged. A character is a Unicode scalar of the text as it was given, before normalization.
public struct Evaluation: Sendable, Equatable {
  /// Σ −ln p over all tokens, with the cost of naming unknown characters.
  public var nats: Double
  /// Tokens predicted.
  public var tokenCount: Int
  /// Size of the text in characters, bytes and words, and its unknown characters.
  public var counts: TextCounts

  /// A result of these sums.
  public init(nats: Double, tokenCount: Int, counts: TextCounts) {
    self.nats = nats
    self.tokenCount = tokenCount
    self.counts = counts
  }

  /// The sum of token costs, to each `<unk>` of which `unknownPenaltyNats` is added.
  init(_ costs: [Float], targets: [TokenID], counts: TextCounts, unknownPenaltyNats: Double) {
    var sum = 0.0
    for (cost, target) in zip(costs, targets) {
      sum += Double(cost) + (target == Vocabulary.unknown ? unknownPenaltyNats : 0)
    }
    self.init(nats: sum, tokenCount: costs.count, counts: counts)
  }

  /// Of no text: no tokens, which cost nothing.
  public init() {
    self.init(
      nats: 0, tokenCount: 0, counts: TextCounts(characters: 0, bytes: 0, words: 0, unknown: 0))
  }

  /// Cross-entropy in nats per token; 0 of none, here as in all means of an empty text.
  public var natsPerToken: Double { nats / Double(max(tokenCount, 1)) }
  /// Cross-entropy in bits per character.
  public var bitsPerCharacter: Double { nats / log(2) / Double(max(counts.characters, 1)) }
  /// Cross-entropy in bits per byte of UTF-8, comparable between all models and units.
  public var bitsPerByte: Double { nats / log(2) / Double(max(counts.bytes, 1)) }
  /// Perplexity per token, e to the cross-entropy.
  public var perplexity: Double { exp(natsPerToken) }
  /// Perplexity per word: e to the cost of all tokens divided by the number of words.
  public var wordPerplexity: Double { exp(nats / Double(max(counts.words, 1))) }

  /// Two texts together.
  public static func + (left: Evaluation, right: Evaluation) -> Evaluation {
    Evaluation(
      nats: left.nats + right.nats, tokenCount: left.tokenCount + right.tokenCount,
      counts: left.counts + right.counts)
  }
}

extension Evaluation {
  /// The JSON of a training card's `validation`, and of `train --format json`.
  public var json: JSONValue {
    [
      "nats_per_token": JSONValue(natsPerToken),
      "bits_per_character": JSONValue(bitsPerCharacter),
      "bits_per_byte": JSONValue(bitsPerByte),
      "perplexity": JSONValue(perplexity),
      "tokens": JSONValue(tokenCount),
    ]
  }
}
