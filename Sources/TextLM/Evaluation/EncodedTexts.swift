/// Texts as a model reads them, and what comes of measuring them.
struct EncodedTexts {
  private let texts: [(tokens: [TokenID], counts: TextCounts)]
  /// What is read before each, in the order of reading.
  private let condition: [TokenID]
  private let model: TextModel

  init(_ texts: [UTF8Text], condition: UTF8Text? = nil, _ model: TextModel) {
    self.texts = texts.map { model.tokenizer.encodeCounting($0) }
    self.condition = model.readBefore(condition)
    self.model = model
  }

  /// A plan that reads each text on its own, from the end the model reads from.
  func plan(includesEnds: Bool, context: ScoringContext) -> ScoringPlan {
    ScoringPlan(
      documents: texts.map { condition + model.configuration.direction.ordered($0.tokens) },
      uncounted: condition.count, includesEnds: includesEnds, context: context)
  }

  /// The places of each text's predictions among those of such a plan.
  func places(includesEnds: Bool) -> [Range<Int>] {
    var first = 0
    return texts.map { tokens, _ in
      defer { first += tokens.count + (includesEnds ? 1 : 0) }
      return first..<first + tokens.count + (includesEnds ? 1 : 0)
    }
  }

  /// What each text cost, given what all tokens of such a plan did.
  ///
  /// Throws `ScoringError.notFinite` with the place of a text whose cost is no number.
  func evaluations(
    _ costs: [Float], includesEnds: Bool
  ) throws(ScoringError) -> [Evaluation] {
    var first = 0
    var evaluations: [Evaluation] = []
    // From whichever end it is read, a text's sum and its unknown characters are the same.
    for (tokens, counts) in texts {
      let targets = includesEnds ? tokens + [Vocabulary.boundary] : tokens
      evaluations.append(
        Evaluation(
          Array(costs[first..<first + targets.count]), targets: targets,
          counts: includesEnds ? counts + .documentEnd : counts,
          unknownPenaltyNats: model.tokenizer.unknownPenaltyNats))
      first += targets.count
    }
    return try evaluations.checked()
  }
}

extension [Evaluation] {
  /// The same; throws `ScoringError.notFinite` with the place of one that is no number.
  func checked() throws(ScoringError) -> [Evaluation] {
    if let index = firstIndex(where: { !$0.nats.isFinite }) { throw .notFinite(index: index) }
    return self
  }
}
