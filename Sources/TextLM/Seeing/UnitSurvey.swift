/// All units of a model over a text: how much each varies, and how far it follows something in the text.
public struct UnitSurvey: Sendable, Equatable {
  /// What was measured of a unit.
  public struct Finding: Sendable, Equatable {
    /// The unit.
    public let unit: UnitName
    /// The standard deviation of its values.
    public let deviation: Double
    /// Pearson's correlation of its values with those of the feature, −1 ... 1, which for a feature of zeros and
    /// ones is the point-biserial one; nil without a feature. A unit that never changes has 0.
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
  /// `SeeingError.constantFeature`, and `ConstraintError` for a regular expression that cannot be read.
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
        throw SeeingError.constantFeature(name: feature.description)
      }
      wanted = configuration.direction.ordered(ofTokens)
    }
    return languageModel.unitSurvey(configuration.direction.ordered(located.tokens), wanted)
  }
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
  /// Opens the existential. `feature` has a value for each token, or is nil.
  fileprivate func unitSurvey(_ tokens: [TokenID], _ feature: [Float]?) -> UnitSurvey {
    let reader = UnitReader(self)
    var sums = reader.layers.map { UnitSums(size: $0.size) }
    reader.read(tokens) { place, values in
      for layer in values.indices { sums[layer].add(values[layer], feature?[place] ?? 0) }
    }
    let findings = zip(reader.layers, sums).flatMap { layer, sums in
      (0..<layer.size).map { index in
        UnitSurvey.Finding(
          unit: UnitName(layer: layer.name, index: index), deviation: sums.deviation(of: index),
          correlation: feature == nil ? nil : sums.correlation(of: index))
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
      layers: reader.layers, findings: sorted.map(\.element), tokenCount: tokens.count)
  }
}
