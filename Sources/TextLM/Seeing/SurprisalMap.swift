#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What each token of a text cost, and what the model expected in its place.
public struct SurprisalMap: Sendable, Equatable {
  /// A token that may come next, and how likely the model found it.
  public struct Guess: Sendable, Equatable {
    /// The token.
    public let token: TokenID
    /// Its probability among all tokens.
    public let probability: Double
  }

  /// A token of the text.
  public struct Place: Sendable, Equatable {
    /// The token that came.
    public let token: TokenID
    /// What it cost, in nats, with the cost of naming an unknown character.
    public let nats: Double
    /// Its place among all tokens by probability, 1 being the most likely.
    public let rank: Int
    /// The bytes of the text that it stands for.
    public let range: Range<Int>
    /// The likeliest tokens, the likeliest first; of equal ones the lower number.
    public let guesses: [Guess]

    /// Surprisal in bits.
    public var bits: Double { nats / log(2) }
  }

  /// The tokens in the order of the text.
  public let places: [Place]

  /// The surprisal of all tokens together, in nats.
  public var nats: Double { places.reduce(0) { $0 + $1.nats } }
}

extension TextModel {
  /// What each token of a text cost, with the `guessCount` likeliest tokens in its place, all from the
  /// logits of one reading.
  ///
  /// A backward model guesses from what stands behind.
  public func surprisal(
    _ text: UTF8Text, guessCount: Int = 5,
    precision: ComputePrecision = Engine.evaluationPrecision,
    context: ScoringContext = .standard
  ) -> SurprisalMap {
    let located = tokenizer.encodeWithOffsets(text)
    let direction = configuration.direction
    let tokens = direction.ordered(located.tokens)
    let ranges = direction.ordered(located.ranges)
    let plan = ScoringPlan(documents: [tokens], context: context)
    let found = languageModel.surprisal(
      plan, Scorer(precision: precision), guessCount: min(guessCount, tokenizer.vocabulary.count))
    let places = tokens.indices.map { index in
      let penalty = tokens[index] == Vocabulary.unknown ? tokenizer.unknownPenaltyNats : 0
      return SurprisalMap.Place(
        token: tokens[index], nats: Double(found[index].nats) + penalty,
        rank: Int(found[index].rank), range: ranges[index], guesses: found[index].guesses)
    }
    return SurprisalMap(places: direction.ordered(places))
  }
}

extension LanguageModel {
  /// Opens the existential for the scorer.
  fileprivate func surprisal(
    _ plan: ScoringPlan, _ scorer: Scorer, guessCount: Int
  ) -> [(nats: Float, rank: Int32, guesses: [SurprisalMap.Guess])] {
    var found = [(nats: Float, rank: Int32, guesses: [SurprisalMap.Guess])](
      repeating: (0, 0, []), count: plan.targetCount)
    scorer.forEachPlacedPrediction(of: plan, self) { place, prediction in
      let logits = Array(prediction.logits)
      found[place] = (
        prediction.nats, prediction.rank, SurprisalMap.guesses(logits, count: guessCount)
      )
    }
    return found
  }
}

extension SurprisalMap {
  /// The `count` tokens with the greatest logits and their probabilities, softmax(z).
  static func guesses(_ logits: [Float], count: Int) -> [Guess] {
    guard count > 0 else { return [] }
    // The best so far, the best first: few among many, so that most are turned away at once.
    var best: [(token: Int, logit: Float)] = []
    for (token, logit) in logits.enumerated() {
      if best.count == count, logit <= best[count - 1].logit { continue }
      let place = best.firstIndex { $0.logit < logit } ?? best.count
      best.insert((token, logit), at: place)
      if best.count > count { best.removeLast() }
    }
    let costs = TokenCost.nats(logits)
    return best.map { Guess(token: TokenID($0.token), probability: exp(-costs[$0.token])) }
  }
}
