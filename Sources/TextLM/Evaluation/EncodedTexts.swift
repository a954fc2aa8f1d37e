/// Texts as a model reads them, and what comes of measuring them.
struct EncodedTexts {
  private let texts: [(tokens: [TokenID], counts: TextCounts)]
  private let model: TextModel

  /// Throws `ScoringError.empty` with the place of a text without characters.
  init(_ texts: [UTF8Text], _ model: TextModel) throws(ScoringError) {
    self.texts = texts.map { model.tokenizer.encodeCounting($0) }
    self.model = model
    if let index = self.texts.firstIndex(where: { $0.tokens.isEmpty }) {
      throw .empty(index: index)
    }
  }

  /// A plan that reads each text on its own, from the end the model reads from.
  func plan(includesEnds: Bool, stretchLength: Int) -> ScoringPlan {
    ScoringPlan(
      documents: texts.map { model.configuration.direction.ordered($0.tokens) },
      includesEnds: includesEnds, stretchLength: stretchLength)
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
