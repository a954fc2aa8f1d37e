extension TextModel {
  /// One token of a scored text.
  public struct TokenScore: Sendable, Equatable {
    /// The token.
    public let token: TokenID
    /// What it cost, in nats, with the cost of naming an unknown character.
    public let nats: Double
    /// Its place among all tokens by probability, 1 being the most likely.
    public let rank: Int
    /// The bytes of the text that it stands for, for laying results over the text: see
    /// `LocatedTokens.ranges`.
    public let range: Range<Int>
  }

  /// How well the model predicts `text`, from its first character on.
  ///
  /// An empty text has no tokens and costs nothing. Throws `ScoringError.notFinite` where the cost is no
  /// number.
  public func score(
    _ text: String, precision: ComputePrecision = Engine.evaluationPrecision
  ) throws(ScoringError) -> Evaluation {
    try score([UTF8Text(text)], precision: precision)[0]
  }

  /// How well the model predicts each of several texts, all on their own, many at a time.
  ///
  /// With `includesEnds` that a text ends where it does is predicted too, and counts as one
  /// character: so texts are measured that a model was trained on as documents of one file. `condition`
  /// is read before each text and not measured; by a model that reads backward, as what stands behind.
  ///
  /// Throws `ScoringError.notFinite` with the place of a text whose cost is no number.
  public func score(
    _ texts: [UTF8Text], condition: UTF8Text? = nil, includesEnds: Bool = false,
    precision: ComputePrecision = Engine.evaluationPrecision,
    context: ScoringContext = .standard
  ) throws(ScoringError) -> [Evaluation] {
    let encoded = EncodedTexts(texts, condition: condition, self)
    let plan = encoded.plan(includesEnds: includesEnds, context: context)
    let costs = languageModel.costs(plan, Scorer(precision: precision), withRanks: false).nats
    return try encoded.evaluations(costs, includesEnds: includesEnds)
  }

  private var direction: ReadingDirection { configuration.direction }

  /// The tokens of a text that is read before another.
  func readBefore(_ condition: UTF8Text?) -> [TokenID] {
    condition.map { direction.ordered(tokenizer.encodeCounting($0).tokens) } ?? []
  }

  /// What was measured of a text's tokens in the order of the text, and behind it that of its end.
  func inTextOrder<Number>(_ values: [Number], tokenCount: Int) -> [Number] {
    direction.ordered(Array(values[..<tokenCount])) + values[tokenCount...]
  }

  /// What each token of `text` cost, and with `includesEnd` the boundary token behind it.
  public func scoreTokens(
    _ text: UTF8Text, condition: UTF8Text? = nil, includesEnd: Bool = false,
    precision: ComputePrecision = Engine.evaluationPrecision,
    context: ScoringContext = .standard
  ) -> [TokenScore] {
    let located = tokenizer.encodeWithOffsets(text)
    let before = readBefore(condition)
    let plan = ScoringPlan(
      documents: [before + direction.ordered(located.tokens)], uncounted: before.count,
      includesEnds: includesEnd,
      context: context)
    let scored = languageModel.costs(plan, Scorer(precision: precision), withRanks: true)
    let nats = inTextOrder(scored.nats, tokenCount: located.tokens.count)
    let ranks = inTextOrder(scored.ranks, tokenCount: located.tokens.count)
    let end = text.bytes.count..<text.bytes.count
    return nats.indices.map { index in
      let isEnd = index == located.tokens.count
      let token = isEnd ? Vocabulary.boundary : located.tokens[index]
      let penalty = token == Vocabulary.unknown ? tokenizer.unknownPenaltyNats : 0
      return TokenScore(
        token: token, nats: Double(nats[index]) + penalty, rank: Int(ranks[index]),
        range: isEnd ? end : located.ranges[index])
    }
  }
}

extension Tokenizer {
  /// The text of a single token: its characters, U+FFFD for an unknown one, `<0xE2>` for a byte,
  /// nothing for the boundary.
  public func text(of token: TokenID) -> String {
    switch vocabulary.kind(of: token) {
    case .boundary: ""
    case .unknown: "\u{FFFD}"
    case .unit(let text): text.string
    case .byte(let value):
      "<0x" + (value < 16 ? "0" : "") + String(value, radix: 16, uppercase: true) + ">"
    }
  }
}

extension LanguageModel {
  /// Opens the existential for the scorer.
  func costs(
    _ plan: ScoringPlan, _ scorer: Scorer, withRanks: Bool
  ) -> (nats: [Float], ranks: [Int32]) {
    scorer.scores(plan, self, withRanks: withRanks)
  }
}

/// A text that cannot be measured.
public enum ScoringError: Error, Equatable, CustomStringConvertible {
  /// It has no characters, where one is needed; `index` is its place among those given, from 0.
  case empty(index: Int)
  /// Its cost is infinite or no number at all; `index` is its place among those given, from 0.
  case notFinite(index: Int)
  /// The model counts n-grams: it has no weights to learn with and no hidden state to remember by.
  case notAdaptable

  /// What is wrong, and what to do about it.
  public var description: String {
    switch self {
    case .empty(let index):
      "text \(index + 1) is empty: there is nothing to predict, give at least one character"
    case .notFinite(let index):
      "the cost of text \(index + 1) is no number: the model's weights are broken, or grew without end "
        + "while it adapted to the text; with dynamic evaluation take a lower rate"
    case .notAdaptable:
      "an n-gram model cannot adapt to a text with a cache or by dynamic evaluation, which need a "
        + "network: measure it as it is, or use a model of another architecture"
    }
  }
}
