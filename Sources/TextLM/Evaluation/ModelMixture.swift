/// Several models that predict a text together: the probability of each token is the mean of
/// theirs, with weights.
///
/// p(x) = Σ w_k p_k(x), by linear interpolation. Models that err in different places are better
/// together than the best of them, such as a network and an n-gram model.
///
/// The models must read a text as the same units. Their vocabularies may differ where units are
/// characters that are not spelled in bytes: what counts is the probability that each gives to the
/// character that came, which for one that it does not know is that of `<unk>` and of naming it.
public struct ModelMixture: Sendable {
  /// One of the models.
  public struct Part: Sendable {
    /// The model.
    public let model: TextModel
    /// What it is called in messages, its path for example.
    public let name: String

    /// A part of a mixture.
    public init(_ model: TextModel, name: String) {
      self.model = model
      self.name = name
    }
  }

  /// The models, two at least.
  public let parts: [Part]
  /// The part of each in the probabilities.
  public let weights: MixtureWeights

  /// A mixture; without weights all count alike.
  ///
  /// Requires as many weights as models. Throws `MixtureError` for a single model, and for models
  /// that read from different ends or other units.
  public init(_ parts: [Part], weights: MixtureWeights? = nil) throws(MixtureError) {
    let weights = weights ?? MixtureWeights(equalFor: parts.count)
    precondition(
      weights.values.count == parts.count,
      "model mixture: \(weights.values.count) weights for \(parts.count) models")
    guard let first = parts.first, parts.count > 1 else { throw .tooFew }
    for other in parts.dropFirst() {
      guard first.model.configuration.direction == other.model.configuration.direction else {
        throw .direction(first: first.name, other: other.name)
      }
      if let reason = first.model.tokenizer.difference(from: other.model.tokenizer) {
        throw .units(first: first.name, other: other.name, reason: reason)
      }
    }
    self.parts = parts
    self.weights = weights
  }

  /// The same models with the weights with which `texts` cost least, which should be none that are
  /// measured afterwards.
  ///
  /// Throws `ScoringError.empty` with the place of a text without characters.
  public func tuned(
    on texts: [UTF8Text], includesEnds: Bool = false,
    precision: ComputePrecision = Engine.evaluationPrecision
  ) throws(ScoringError) -> ModelMixture {
    for (index, text) in texts.enumerated() where text.bytes.isEmpty {
      throw .empty(index: index)
    }
    let costs = parts.map { part in
      part.model.costs(
        ofTokens: texts.map { part.model.tokenizer.encode($0) }, includesEnds: includesEnds,
        precision: precision, context: .standard
      ).flatMap { $0 }
    }
    return ModelMixture(parts, MixtureWeights(tunedFor: costs))
  }

  private init(_ parts: [Part], _ weights: MixtureWeights) {
    self.parts = parts
    self.weights = weights
  }

  /// How well the models predict each of several texts together, all on their own.
  ///
  /// With `includesEnds` that a text ends where it does is predicted too. Characters count as
  /// unknown that the first model does not know. Throws `ScoringError.notFinite` with the place of
  /// a text whose cost is no number.
  public func score(
    _ texts: [UTF8Text], includesEnds: Bool = false,
    precision: ComputePrecision = Engine.evaluationPrecision,
    context: ScoringContext = .standard
  ) throws(ScoringError) -> [Evaluation] {
    let encoded = texts.map { parts[0].model.tokenizer.encodeCounting($0) }
    let costs = costs(
      of: texts.map { [$0] }, includesEnds: includesEnds, precision: precision,
      context: context)
    let evaluations = zip(encoded, costs).map { encoded, costs in
      Evaluation(
        nats: costs.reduce(0, +), tokenCount: costs.count,
        counts: includesEnds ? encoded.counts + .documentEnd : encoded.counts)
    }
    return try evaluations.checked()
  }

  /// What each line of `text` cost, read on with all lines before it in mind; with `includesEnd`
  /// the last line's cost has that of the text's end in it.
  public func scoreLines(
    _ text: UTF8Text, includesEnd: Bool = false,
    precision: ComputePrecision = Engine.evaluationPrecision,
    context: ScoringContext = .standard
  ) -> [TextModel.LineScore] {
    let lines = text.lines
    let costs = costs(
      of: [lines], includesEnds: includesEnd, precision: precision, context: context)[0]
    var first = 0
    return lines.enumerated().map { index, line in
      let encoded = parts[0].model.tokenizer.encodeCounting(line)
      let endsText = includesEnd && index == lines.count - 1
      let end = first + encoded.tokens.count + (endsText ? 1 : 0)
      defer { first = end }
      return TextModel.LineScore(
        line,
        Evaluation(
          nats: costs[first..<end].reduce(0, +), tokenCount: end - first,
          counts: endsText ? encoded.counts + .documentEnd : encoded.counts))
    }
  }

  /// What each token of each text costs, in nats; texts are given in pieces that are encoded one by
  /// one.
  private func costs(
    of texts: [[UTF8Text]], includesEnds: Bool, precision: ComputePrecision, context: ScoringContext
  ) -> [[Double]] {
    let alone = parts.map { part in
      part.model.costs(
        ofTokens: texts.map { $0.flatMap { part.model.tokenizer.encode($0) } },
        includesEnds: includesEnds, precision: precision, context: context)
    }
    return texts.indices.map { text in
      let costs = alone.map { $0[text] }
      return costs[0].indices.map { token in weights.mixed(costs.map { $0[token] }) }
    }
  }
}

extension TextModel {
  /// What each token of each text costs, in nats and in the order of the text, with the cost of
  /// naming unknown characters; with `includesEnds` that of its end behind it.
  func costs(
    ofTokens texts: [[TokenID]], includesEnds: Bool, precision: ComputePrecision,
    context: ScoringContext
  ) -> [[Double]] {
    let plan = ScoringPlan(
      documents: texts.map { configuration.direction.ordered($0) }, includesEnds: includesEnds,
      context: context)
    let nats = languageModel.costs(plan, Scorer(precision: precision), withRanks: false).nats
    var first = 0
    return texts.map { tokens in
      let targets = includesEnds ? tokens + [Vocabulary.boundary] : tokens
      defer { first += targets.count }
      let own = inTextOrder(
        Array(nats[first..<first + targets.count]), tokenCount: tokens.count)
      return zip(own, targets).map {
        Double($0) + ($1 == Vocabulary.unknown ? tokenizer.unknownPenaltyNats : 0)
      }
    }
  }
}

extension Tokenizer {
  /// In what two tokenizers differ so that the tokens of a text are not the same units; nil where
  /// they are.
  fileprivate func difference(from other: Tokenizer) -> String? {
    let (own, others) = (type(of: segmenter).name, type(of: other.segmenter).name)
    guard own.utf8.elementsEqual(others.utf8) else { return "units of \(own) and of \(others)" }
    guard segmenter.locale.utf8.elementsEqual(other.segmenter.locale.utf8) else {
      return "units of the languages \(segmenter.locale) and \(other.segmenter.locale)"
    }
    guard preparation == other.preparation else { return "the text is prepared in different ways" }
    guard vocabulary.hasByteFallback || other.vocabulary.hasByteFallback else { return nil }
    func units(_ tokenizer: Tokenizer) -> Set<[UInt8]> {
      Set(tokenizer.description.vocabulary.units.map { Array($0.utf8) })
    }
    guard vocabulary.hasByteFallback == other.vocabulary.hasByteFallback,
      units(self) == units(other)
    else { return "they spell different units in bytes" }
    return nil
  }
}
