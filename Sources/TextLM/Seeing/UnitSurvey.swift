/// All units of a model over a text: how much each varies, and how far it follows something in the text.
public struct UnitSurvey: Sendable, Equatable {
  /// What was measured of a unit.
  public struct Finding: Sendable, Equatable {
    /// The unit.
    public let unit: UnitName
    /// The standard deviation of its values.
    public let deviation: Double
    /// Pearson's correlation of its values with those of the feature, −1 ... 1, which for a feature of
    /// zeros and ones is the point-biserial one; nil without a feature. A unit that never changes has
    /// 0.
    public let correlation: Double?
  }

  /// The model's layers.
  public let layers: [UnitLayer]
  /// All units: those that follow the feature most closely first, in either direction, or without a feature those
  /// that vary most.
  public let findings: [Finding]
  /// Tokens that were read.
  public let tokenCount: Int
}

extension TextModel {
  /// Measures all units over a text, which is read token by token.
  ///
  /// Throws `SeeingError.noUnits` for a model of n-grams, `SeeingError.empty`,
  /// `SeeingError.constantFeature` or `.constantPattern`, and `ConstraintError` for a regular expression that cannot be read.
  public func unitSurvey(
    _ text: UTF8Text, named source: String = "text", finding feature: UnitFeature? = nil
  ) throws -> UnitSurvey {
    try checkUnits()
    let located = tokenizer.encodeWithOffsets(text)
    guard !located.tokens.isEmpty else { throw SeeingError.empty(source: source) }
    var wanted: [Float]?
    if let feature {
      let values = try feature.values(of: text)
      let ofTokens = located.ranges.map { values[min($0.lowerBound, values.count - 1)] }
      guard ofTokens.contains(where: { $0 != ofTokens[0] }) else {
        if case .pattern(let pattern) = feature { throw SeeingError.constantPattern(pattern) }
        throw SeeingError.constantFeature(name: feature.description)
      }
      wanted = configuration.direction.ordered(ofTokens)
    }
    let tokens = configuration.direction.ordered(located.tokens)
    return languageModel.unitSurvey([FeaturedTokens(tokens: tokens, feature: wanted)])
  }

  /// Measures all units over texts with labels, each of which is read from the start, and finds those that
  /// follow a label: the feature is 1 at all characters of the texts that have it, and 0 at all others.
  ///
  /// Throws `SeeingError.noUnits` for a model of n-grams, `SeeingError.noLabel`, `SeeingError.empty` where no text
  /// has a character, and `SeeingError.constantFeature` where all texts with characters have the label, or none.
  public func unitSurvey(
    _ data: LabelledData, named source: String = "texts", finding label: String
  ) throws(SeeingError) -> UnitSurvey {
    try checkUnits()
    let (name, labels) = (UTF8Key(label), data.labels.names)
    guard labels.contains(where: { UTF8Key($0) == name }) else {
      throw .noLabel(name: label, labels: labels)
    }
    var texts: [FeaturedTokens] = []
    var isFound: Set<Bool> = []
    for text in data.texts {
      let tokens = configuration.direction.ordered(tokenizer.encode(UTF8Text(text.text)))
      guard !tokens.isEmpty else { continue }
      let hasLabel = text.labels.contains { UTF8Key($0) == name }
      isFound.insert(hasLabel)
      let feature = [Float](repeating: hasLabel ? 1 : 0, count: tokens.count)
      texts.append(FeaturedTokens(tokens: tokens, feature: feature))
    }
    guard !texts.isEmpty else { throw .empty(source: source) }
    guard isFound.count == 2 else { throw .constantFeature(name: "label=\(label)") }
    return languageModel.unitSurvey(texts)
  }
}

/// The tokens of a text in the order of reading.
private struct FeaturedTokens {
  let tokens: [TokenID]
  /// What is looked for, at each of them; nil where nothing is.
  let feature: [Float]?
}

extension TextModel {
  /// Throws for a model whose outputs are the probabilities themselves, and whose state is the last tokens.
  func checkUnits(_ registry: ArchitectureRegistry = .builtIn) throws(SeeingError) {
    if case .ngram = configuration {
      throw .noUnits(
        architecture: configuration.architectureName, others: registry.all.map { $0.name })
    }
  }
}

extension LanguageModel {
  /// Opens the existential. Each text is read from the start.
  fileprivate func unitSurvey(_ texts: [FeaturedTokens]) -> UnitSurvey {
    let reader = UnitReader(self)
    var sums = reader.layers.map { UnitSums(size: $0.size) }
    for text in texts {
      reader.read(text.tokens) { place, values in
        for layer in values.indices { sums[layer].add(values[layer], text.feature?[place] ?? 0) }
      }
    }
    let isLooking = texts.contains { $0.feature != nil }
    let findings = zip(reader.layers, sums).flatMap { layer, sums in
      (0..<layer.size).map { index in
        UnitSurvey.Finding(
          unit: UnitName(layer: layer.name, index: index), deviation: sums.deviation(of: index),
          correlation: isLooking ? sums.correlation(of: index) : nil)
      }
    }
    func weight(_ finding: UnitSurvey.Finding) -> Double {
      finding.correlation.map { abs($0) } ?? finding.deviation
    }
    let sorted = findings.enumerated().sorted {
      let (left, right) = (weight($0.element), weight($1.element))
      return left != right ? left > right : $0.offset < $1.offset
    }
    return UnitSurvey(
      layers: reader.layers, findings: sorted.map(\.element),
      tokenCount: texts.reduce(0) { $0 + $1.tokens.count })
  }
}
