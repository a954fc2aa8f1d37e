/// Excludes tokens that would complete a sequence of n tokens that the text has already.
///
/// Where every token would, the most likely one stays. On characters n is many: words are said again
/// all the time, and a sentence is not.
///
/// Reference: Romain Paulus, Caiming Xiong and Richard Socher, "A Deep Reinforced Model for
/// Abstractive Summarization", 2017.
public struct NoRepeat: LogitsProcessor {
  /// What `--sampler-order` calls it.
  public static let name = "no-repeat"

  /// n.
  public let length: Int
  /// For each hash of n − 1 tokens, the places behind them.
  private var places: [UInt64: [Int]] = [:]
  /// Tokens whose places are there.
  private var indexedCount = 0

  /// Throws `SamplingError` unless n is 2 or more.
  public init(_ length: Int) throws(SamplingError) {
    guard length >= 2 else {
      throw .outOfRange(
        name: "no-repeat", value: "\(length)", allowed: "a whole number from 2 up")
    }
    self.length = length
  }

  /// Excludes what has followed these n − 1 tokens before.
  public mutating func process(_ logits: inout [Float], _ context: inout SamplingContext) {
    let tokens = context.tokens
    guard tokens.count >= length - 1 else { return }
    for place in max(length - 1, indexedCount)..<max(length - 1, indexedCount, tokens.count) {
      places[Self.hash(tokens[(place - length + 1)..<place]), default: []].append(place)
    }
    indexedCount = max(indexedCount, tokens.count)
    let ending = tokens.suffix(length - 1)
    let excluded = places[Self.hash(ending), default: []]
      // Sequences of one hash may differ.
      .filter { tokens[($0 - length + 1)..<$0].elementsEqual(ending) }
      .map { Int(tokens[$0]) }
    guard !excluded.isEmpty else { return }
    Sampler.exclude(excluded, from: &logits)
  }

  /// FNV-1a over whole tokens.
  private static func hash(_ tokens: ArraySlice<TokenID>) -> UInt64 {
    tokens.reduce(0xCBF2_9CE4_8422_2325) { hash, token in
      (hash ^ UInt64(UInt32(bitPattern: token))) &* 0x100_0000_01B3
    }
  }
}
