#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// By how much one model predicts a text better than another, and how sure that is.
///
/// The interval of the difference is `BlockBootstrap`'s. Where it is all on one side of 0, chance in the
/// choice of the text does not explain the difference. What chance in the training does, it does not say.
///
/// Reference: for comparisons of this kind, Philipp Koehn, "Statistical Significance Tests for Machine
/// Translation Evaluation", 2004.
public struct ScoreComparison: Sendable, Equatable {
  /// A block of the text, and what it costs both models.
  public struct Block: Sendable, Equatable {
    /// Its characters, as the text was given.
    public var characterCount: Int
    /// What it costs the first model, in nats.
    public var firstNats: Double
    /// What it costs the second model, in nats.
    public var secondNats: Double

    /// A block of these numbers.
    public init(characterCount: Int, firstNats: Double, secondNats: Double) {
      self.characterCount = characterCount
      self.firstNats = firstNats
      self.secondNats = secondNats
    }
  }

  /// What the interval says.
  public enum Verdict: String, Sendable {
    /// The first model predicts the text better.
    case first
    /// The second model does.
    case second
    /// The text does not tell.
    case undecided
  }

  /// Characters of a block unless asked otherwise.
  public static let standardBlockLength = 1000

  /// An interval of fewer blocks than this is unsure: the bootstrap then draws the same few again and again,
  /// and is too narrow.
  public static let fewestBlocks = ScoreDetails.fewestBlocks

  /// The number of blocks.
  public let blockCount: Int
  /// Characters of all blocks.
  public let characterCount: Int
  /// Bits per character of the first model.
  public let firstBits: Double
  /// Bits per character of the second model.
  public let secondBits: Double
  /// Those of the second less those of the first: above 0 where the first is better.
  public let difference: Double
  /// The 95 % interval of the difference; nil of fewer than two blocks.
  public let interval: ClosedRange<Double>?

  /// Compares by these blocks, with one character or more each; of no blocks all numbers are 0.
  public init(_ blocks: [Block]) {
    precondition(
      blocks.allSatisfy { $0.characterCount > 0 }, "score comparison: blocks without characters")
    func bits(_ nats: (Block) -> Double) -> Double {
      blocks.reduce(0) { $0 + nats($1) } / log(2)
        / Double(max(blocks.reduce(0) { $0 + $1.characterCount }, 1))
    }
    blockCount = blocks.count
    characterCount = blocks.reduce(0) { $0 + $1.characterCount }
    firstBits = bits(\.firstNats)
    secondBits = bits(\.secondNats)
    difference = bits { $0.secondNats - $0.firstNats }
    interval = BlockBootstrap.interval(
      blocks.map { (($0.secondNats - $0.firstNats) / log(2), Double($0.characterCount)) })
  }

  /// What makes the interval unsure; nil where nothing does, and where there is none.
  public var warning: String? {
    guard interval != nil, blockCount < Self.fewestBlocks else { return nil }
    return
      "the interval is unsure, because there are only \(blockCount) blocks: give more text, or a "
      + "smaller --block-length, for \(Self.fewestBlocks) at least"
  }

  /// Which model predicts the text better, where the interval has no 0.
  public var verdict: Verdict {
    guard let interval, !interval.contains(0) else { return .undecided }
    return interval.lowerBound > 0 ? .first : .second
  }
}

extension ScoreComparison {
  /// The blocks of a text: `blockLength` characters each, and what is left in the last one, which is joined
  /// to the one before where it is shorter than half.
  ///
  /// With `includesEnd` that the text ends where it does costs something in the last block, and counts as
  /// one character. An empty text has no blocks. Throws `ScoringError.notFinite` where a cost is no number.
  public static func blocks(
    of text: UTF8Text, _ first: TextModel, _ second: TextModel, blockLength: Int,
    includesEnd: Bool = false, precision: ComputePrecision = Engine.evaluationPrecision
  ) throws(ScoringError) -> [Block] {
    precondition(blockLength >= 1, "score comparison: blocks of \(blockLength) characters")
    var (starts, character) = ([Int](), 0)
    for (place, byte) in text.bytes.enumerated() where byte & 0xC0 != 0x80 {
      if character.isMultiple(of: blockLength) { starts.append(place) }
      character += 1
    }
    guard character > 0 else { return [] }
    let rest = character - (starts.count - 1) * blockLength
    if starts.count > 1, 2 * rest < blockLength { starts.removeLast() }
    var blocks = starts.indices.map { index in
      Block(
        characterCount: index < starts.count - 1
          ? blockLength : character - index * blockLength, firstNats: 0, secondNats: 0)
    }
    func add(_ model: TextModel, to nats: WritableKeyPath<Block, Double>) throws(ScoringError) {
      let scores = model.scoreTokens(text, includesEnd: includesEnd, precision: precision)
      var block = 0
      for score in scores {
        guard score.nats.isFinite else { throw .notFinite(index: 0) }
        // Units spelled in bytes, and the end, may begin at one place.
        while block + 1 < starts.count, starts[block + 1] <= score.range.lowerBound { block += 1 }
        blocks[block][keyPath: nats] += score.nats
      }
    }
    try add(first, to: \.firstNats)
    try add(second, to: \.secondNats)
    if includesEnd { blocks[blocks.count - 1].characterCount += 1 }
    return blocks
  }
}

extension ScoreComparison {
  /// The members of a row of `compare-scores --format json`.
  public var json: JSONObject {
    [
      "characters": JSONValue(characterCount), "blocks": JSONValue(blockCount),
      "first_bits_per_character": JSONValue(firstBits),
      "second_bits_per_character": JSONValue(secondBits),
      "difference": JSONValue(difference),
      "low": interval.map { JSONValue($0.lowerBound) } ?? .null,
      "high": interval.map { JSONValue($0.upperBound) } ?? .null,
      "verdict": JSONValue(verdict.rawValue),
      "warning": warning.map { JSONValue($0) } ?? .null,
    ]
  }
}
