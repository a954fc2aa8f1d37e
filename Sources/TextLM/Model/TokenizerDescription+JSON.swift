extension TokenizerDescription {
  /// The JSON of a model file's `tokenizer`.
  var json: JSONValue {
    [
      "normalizer": JSONValue(normalizer),
      "unit": JSONValue(unit),
      "icu_version": JSONValue(icuVersion),
      "unicode_version": JSONValue(unicodeVersion),
      "byte_fallback": JSONValue(vocabulary.hasByteFallback),
      "units": .array(vocabulary.units.map { JSONValue($0) }),
      "counts": .array(vocabulary.counts.map { JSONValue($0) }),
    ]
  }

  /// Reads a `tokenizer`, which may come from anywhere; what it says is checked when a `Tokenizer`
  /// is made of it.
  init(_ json: JSONField) throws {
    try json.allowOnly([
      "normalizer", "unit", "icu_version", "unicode_version", "byte_fallback", "units", "counts",
    ])
    self.init(
      normalizer: try json.string("normalizer"), unit: try json.string("unit"),
      vocabulary: VocabularyDescription(
        units: try json.field("units").elements().map { try $0.string() },
        counts: try json.field("counts").elements().map { try $0.int(in: 0...Int.max) },
        hasByteFallback: try json.bool("byte_fallback")),
      icuVersion: try json.string("icu_version"),
      unicodeVersion: try json.string("unicode_version"))
  }
}
