/// Texts as a model reads them, and what comes of measuring them.
struct EncodedTexts {
  private let texts: [(tokens: [TokenID], counts: TextCounts)]
  /// What is read before each, in the order of reading.
  private let condition: [TokenID]
  private let model: TextModel

  /// Throws `ScoringError.empty` with the place of a text without characters.
  init(
    _ texts: [UTF8Text], condition: UTF8Text? = nil, _ model: TextModel
  ) throws(ScoringError) {
    self.texts = texts.map { model.tokenizer.encodeCounting($0) }
    self.condition = model.readBefore(condition)
    self.model = model
    if let index = self.texts.firstIndex(where: { $0.tokens.isEmpty }) {
      throw .empty(index: index)
    }
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
  func evaluations(_ costs: [Float], includesEnds: Bool) -> [Evaluation] {
    var first = 0
    // From whichever end it is read, a text's sum and its unknown characters are the same.
    return texts.map { tokens, counts in
      let targets = includesEnds ? tokens + [Vocabulary.boundary] : tokens
      defer { first += targets.count }
      return Evaluation(
        Array(costs[first..<first + targets.count]), targets: targets,
        counts: includesEnds ? counts + .documentEnd : counts,
        unknownPenaltyNats: model.tokenizer.unknownPenaltyNats)
    }
  }
}
