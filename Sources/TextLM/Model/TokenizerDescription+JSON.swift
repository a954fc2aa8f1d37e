extension TokenizerDescription {
  /// The JSON of a model file's `tokenizer`.
  var json: JSONValue {
    var object = JSONObject()
    preparation.append(to: &object)
    let rest: JSONObject = [
      "unit": JSONValue(unit),
      "icu_version": JSONValue(icuVersion),
      "unicode_version": JSONValue(unicodeVersion),
      "byte_fallback": JSONValue(vocabulary.hasByteFallback),
      "units": .array(vocabulary.units.map { JSONValue($0) }),
      "counts": .array(vocabulary.counts.map { JSONValue($0) }),
    ]
    for member in rest.members { object.append(member.key, member.value) }
    return .object(object)
  }

  /// Reads a `tokenizer`, which may come from anywhere; what it says is checked when a `Tokenizer`
  /// is made of it.
  init(_ json: JSONField) throws {
    try json.allowOnly(
      TextPreparationDescription.keys
        + ["unit", "icu_version", "unicode_version", "byte_fallback", "units", "counts"])
    self.init(
      preparation: try TextPreparationDescription(json), unit: try json.string("unit"),
      vocabulary: VocabularyDescription(
        units: try json.field("units").elements().map { try $0.string() },
        counts: try json.field("counts").elements().map { try $0.int(in: 0...Int.max) },
        hasByteFallback: try json.bool("byte_fallback")),
      icuVersion: try json.string("icu_version"),
      unicodeVersion: try json.string("unicode_version"))
  }
}
