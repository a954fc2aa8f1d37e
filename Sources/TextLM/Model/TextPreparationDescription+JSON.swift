extension TextPreparationDescription {
  /// The keys that it is stored under, beside others in the same object.
  static let keys = [
    "normalizer", "newlines", "case", "locale", "transliterate", "keep", "drop",
  ]

  /// Adds the members to an object. What does nothing is left out, but for the normalizer, so that a
  /// textlm that does not know it can read what does not need it.
  func append(to object: inout JSONObject) {
    let standard = TextPreparationDescription()
    object.append("normalizer", JSONValue(normalizer))
    if newlines != standard.newlines { object.append("newlines", JSONValue(newlines)) }
    if caseMapping != standard.caseMapping { object.append("case", JSONValue(caseMapping)) }
    if locale != standard.locale { object.append("locale", JSONValue(locale)) }
    if let transliteration { object.append("transliterate", JSONValue(transliteration)) }
    if let kept { object.append("keep", JSONValue(kept)) }
    if let dropped { object.append("drop", JSONValue(dropped)) }
  }

  /// Reads the members of an object, which may come from anywhere; what they say is checked when a
  /// `TextPreparation` is made of them.
  init(_ json: JSONField) throws {
    self.init(normalizer: try json.string("normalizer"))
    newlines = try json.optionalField("newlines")?.string() ?? newlines
    caseMapping = try json.optionalField("case")?.string() ?? caseMapping
    locale = try json.optionalField("locale")?.string() ?? locale
    transliteration = try json.optionalField("transliterate")?.string()
    kept = try json.optionalField("keep")?.string()
    dropped = try json.optionalField("drop")?.string()
  }
}
