/// What is worth knowing of a measured text beside its cost.
public struct ScoreDetails: Sendable, Equatable {
  /// Tokens of a block, of which the interval is made.
  public static let blockLength = 100
  /// An interval of fewer blocks than this would say less than it seems to.
  public static let fewestBlocks = 20

  /// A stretch of a text.
  struct Block: Sendable, Equatable {
    var nats: Double
    var tokenCount: Int
  }

  /// Tokens predicted.
  public private(set) var tokenCount = 0
  /// Of them, those that were the model's first guess.
  public private(set) var firstGuessCount = 0
  /// Of them, those that were among its first five.
  public private(set) var firstFiveCount = 0
  /// Tokens that the model knows: all but unknown characters.
  public private(set) var knownCount = 0
  /// What those cost, in nats.
  public private(set) var knownNats = 0.0
  private var blocks: [Block] = []

  /// Of no text.
  public init() {}

  /// Of the tokens of one text: what each cost in nats, its rank from 1 and whether it is known.
  init(nats: some Sequence<Double>, ranks: some Sequence<Int32>, isKnown: some Sequence<Bool>) {
    for ((nats, rank), isKnown) in zip(zip(nats, ranks), isKnown) {
      if tokenCount % Self.blockLength == 0 { blocks.append(Block(nats: 0, tokenCount: 0)) }
      tokenCount += 1
      firstGuessCount += rank == 1 ? 1 : 0
      firstFiveCount += rank <= 5 ? 1 : 0
      blocks[blocks.count - 1].nats += nats
      blocks[blocks.count - 1].tokenCount += 1
      guard isKnown else { continue }
      knownCount += 1
      knownNats += nats
    }
  }

  /// Part of the tokens that were the model's first guess; 0 of none.
  public var accuracy: Double { Double(firstGuessCount) / Double(max(tokenCount, 1)) }
  /// Part of the tokens that were among its first five; 0 of none.
  public var accuracyOfFive: Double { Double(firstFiveCount) / Double(max(tokenCount, 1)) }
  /// Nats a token without unknown characters; 0 of none.
  public var knownNatsPerToken: Double { knownNats / Double(max(knownCount, 1)) }
  /// The 95 % interval of nats a token, over what other text of the kind could have come; nil of fewer
  /// than `fewestBlocks`.
  public var interval: ClosedRange<Double>? {
    guard blocks.count >= Self.fewestBlocks else { return nil }
    return BlockBootstrap.interval(blocks.map { ($0.nats, Double($0.tokenCount)) })
  }

  /// Of two texts together.
  public static func + (left: ScoreDetails, right: ScoreDetails) -> ScoreDetails {
    var sum = left
    sum.tokenCount += right.tokenCount
    sum.firstGuessCount += right.firstGuessCount
    sum.firstFiveCount += right.firstFiveCount
    sum.knownCount += right.knownCount
    sum.knownNats += right.knownNats
    sum.blocks += right.blocks
    return sum
  }
}

extension TextModel {
  /// How well the model predicts each of several texts, as `score` tells, and more of it.
  ///
  /// Throws `ScoringError.notFinite` with the place of a text whose cost is no number.
  public func scoreDetails(
    _ texts: [UTF8Text], condition: UTF8Text? = nil, includesEnds: Bool = false,
    precision: ComputePrecision = Engine.evaluationPrecision,
    context: ScoringContext = .standard
  ) throws(ScoringError) -> [(evaluation: Evaluation, details: ScoreDetails)] {
    let encoded = EncodedTexts(texts, condition: condition, self)
    let plan = encoded.plan(includesEnds: includesEnds, context: context)
    let scored = languageModel.costs(plan, Scorer(precision: precision), withRanks: true)
    let targets = plan.targets
    let penalty = tokenizer.unknownPenaltyNats
    let evaluations = try encoded.evaluations(scored.nats, includesEnds: includesEnds)
    return zip(evaluations, encoded.places(includesEnds: includesEnds)).map { evaluation, places in
      let details = ScoreDetails(
        nats: places.lazy.map {
          Double(scored.nats[$0]) + (targets[$0] == Vocabulary.unknown ? penalty : 0)
        },
        ranks: scored.ranks[places],
        isKnown: targets[places].lazy.map { $0 != Vocabulary.unknown })
      return (evaluation, details)
    }
  }
}
