extension ReadingRules {
  /// Adds the rules to a run's settings; what is standard is left out. That of line ends is the
  /// preparation's.
  func append(to object: inout JSONObject) {
    let standard = ReadingRules()
    if let name = encoding.name { object.append("encoding", JSONValue(name)) }
    if invalidBytes != standard.invalidBytes {
      object.append("invalid", JSONValue(invalidBytes.rawValue))
    }
    if documents != standard.documents { object.append("documents", JSONValue(documents.name)) }
  }

  /// Reads the rules of a run's settings, which may come from anywhere.
  init(_ json: JSONField) throws {
    self.init()
    if let name = try json.optionalField("encoding") { encoding = TextEncoding(try name.string()) }
    if let name = try json.optionalField("invalid") {
      guard let rule = InvalidBytes(rawValue: try name.string()) else {
        throw JSONFieldError.wrongType(
          path: name.path, expected: "error, replace or skip", found: try name.string())
      }
      invalidBytes = rule
    }
    if let name = try json.optionalField("newlines") {
      newlines = try NewlineRule(named: name.string())
    }
    if let name = try json.optionalField("documents") {
      guard let rule = DocumentRule(try name.string()) else {
        throw JSONFieldError.wrongType(path: name.path, expected: "a delimiter", found: "\"\"")
      }
      documents = rule
    }
  }
}
