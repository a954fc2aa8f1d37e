import TextLM

extension ScoreCommand {
  /// All that a number depends on beside the text, in one line: two numbers of one text may be compared
  /// where their lines differ in nothing but the model. Models are named by their checksums and texts of
  /// options by their digests, both cut to 12 digits. `context` is said instead of the options'.
  func signature(_ model: TextModel, _ mixture: ModelMixture?, context: String? = nil) throws
    -> String
  {
    let description = model.tokenizer.description
    var parts = [
      "textlm", "model:\(Self.short(model.checksum))", "unit:\(description.unit)",
      "direction:\(model.configuration.direction.rawValue)",
      "context:\(context ?? contextOptions.summary)",
      "condition:\(contextOptions.condition.map(Self.digest) ?? "no")",
      "ends:\(measuresEnds ? "yes" : "no")", "precision:\(precision.forMeasuring.rawValue)",
    ]
    if measuresEnds { parts.append("documents:\(documentRule)") }
    parts.append("newlines:\(reading.rules(for: model).newlines.rawValue)")
    if let invalid = reading.bytes.invalid { parts.append("invalid:\(invalid.rawValue)") }
    if let encoding = reading.bytes.encoding { parts.append("encoding:\(encoding)") }
    if let mixture { parts.append("interpolated:\(Self.part(mixture))") }
    if adaptation.isWanted { parts += Self.parts(try adaptation.adaptation()) }
    return
      (parts + ["unicode:\(description.unicodeVersion)", "version:\(TextLMVersion.current)"])
      .joined(separator: "|")
  }

  /// The same where each line is measured by itself.
  func signature(_ scorer: LineScorer) throws -> String {
    try signature(
      scorer.model, nil, context: scorer.linesAreDocuments ? "document-line" : "line")
  }

  /// The rule by which documents end within files; a delimiter, which may be any text, by its digest.
  private var documentRule: String {
    let rule = reading.rules().documents
    if case .delimiter(let text) = rule { return Self.digest(text) }
    return rule.name
  }

  /// Each model with its part in the probabilities.
  private static func part(_ mixture: ModelMixture) -> String {
    zip(mixture.parts, mixture.weights.values)
      .map { "\(short($0.model.checksum))=\(Numbers.short($1))" }.joined(separator: ",")
  }

  private static func parts(_ adaptation: Adaptation) -> [String] {
    let cache = adaptation.cache.map {
      "cache:length=\($0.length),flatness=\(Numbers.short($0.flatness)),"
        + "weight=\(Numbers.short($0.weight))"
    }
    let dynamic = adaptation.dynamic.map {
      "dynamic:rate=\(Numbers.short($0.rate)),decay=\(Numbers.short($0.decayRate)),"
        + "segment=\($0.segmentLength)"
    }
    return [cache, dynamic].compactMap { $0 }
  }

  private static func short(_ checksum: String) -> String { String(checksum.prefix(12)) }

  private static func digest(_ text: String) -> String {
    var hash = SHA256()
    hash.update(Array(text.utf8))
    return short(hash.hexDigest)
  }
}
