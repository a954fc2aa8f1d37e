extension TokenizerFile {
  /// Reads a tokenizer that `write` wrote; how often its units occurred is not in the file, and is 0.
  ///
  /// Throws `TokenizerFileError.foreign` for any other tokenizer, whose tokens would not be ours;
  /// `StorageError`.
  public static func read(_ path: String) throws -> Tokenizer {
    let json = try FileReader.json(at: path, limits: limits)
    do {
      return try tokenizer(JSONField(json, path: "tokenizer"))
    } catch let error as JSONFieldError {
      throw TokenizerFileError.foreign(path: path, problem: "\(error)")
    } catch let error as TextError {
      throw TokenizerFileError.foreign(path: path, problem: "\(error)")
    }
  }

  private static func tokenizer(_ json: JSONField) throws -> Tokenizer {
    let model = try json.field("model")
    let kind = try model.string("type")
    let preTokenizer = try json.optionalField("pre_tokenizer")?.value ?? .null
    let shapes: [(String, Shape)] = [
      ("WordLevel", .characters), ("BPE", .charactersAndBytes), ("BPE", .bytes),
    ]
    let found = shapes.first { name, shape in
      name.utf8.elementsEqual(kind.utf8) && shape.preTokenizer == preTokenizer
    }
    guard let shape = found?.1, try isExpected(model, of: shape) else {
      throw mismatch("model", "one of textlm's three kinds of models", model)
    }
    let form = try json.optionalField("normalizer")?.value ?? .null
    guard let normalizer = normalizers.first(where: { $0.theirs == form })?.ours else {
      throw mismatch("normalizer", "null, NFC, NFD or NFKC", try json.field("normalizer"))
    }
    for key in ["added_tokens", "truncation", "padding", "post_processor"] {
      guard let field = try json.optionalField(key), field.value != .array([]) else { continue }
      throw mismatch(key, "nothing", field)
    }
    let units = try units(model.field("vocab"), shape)
    return try Tokenizer(
      TokenizerDescription(
        preparation: TextPreparationDescription(normalizer: normalizer.rawValue),
        unit: shape == .bytes ? ByteSegmenter.name : CodePointSegmenter.name,
        vocabulary: VocabularyDescription(
          units: units, counts: Array(repeating: 0, count: units.count),
          hasByteFallback: shape != .characters),
        icuVersion: UnicodeTables.icuVersion, unicodeVersion: UnicodeTables.unicodeVersion))
  }

  /// Whether a model has no merges and spells the unknown as its kind does.
  private static func isExpected(_ model: JSONField, of shape: Shape) throws -> Bool {
    guard shape != .characters else {
      return try model.string("unk_token").utf8.elementsEqual(unknownName.utf8)
    }
    let merges = try model.optionalField("merges")?.elements() ?? []
    let spells = try model.optionalField("byte_fallback")?.bool() ?? false
    return merges.isEmpty && spells == (shape == .charactersAndBytes)
  }

  /// The units, once every number has its name and the tokens that are none have theirs.
  private static func units(_ vocabulary: JSONField, _ shape: Shape) throws -> [String] {
    let members = try vocabulary.members()
    var names = [String?](repeating: nil, count: members.count)
    for member in members {
      let number = try member.field.int(in: 0...members.count - 1)
      guard names[number] == nil else { throw mismatch("vocab", "no number twice", member.field) }
      names[number] = member.key
    }
    let all = names.compactMap { $0 }
    let others = shape == .characters ? 2 : 258
    let units = all.count < others ? [] : Array(all[2..<all.count - others + 2])
    let expected = [boundaryName, unknownName] + shape.names(units)
    guard all.count == expected.count,
      zip(all, expected).allSatisfy({ $0.utf8.elementsEqual($1.utf8) })
    else {
      throw mismatch("vocab", "the boundary, <unk>, the units and then the bytes", vocabulary)
    }
    return units
  }

  private static func mismatch(
    _ key: String, _ expected: String, _ field: JSONField
  ) -> JSONFieldError {
    .wrongType(path: field.path, expected: expected, found: "another \(key)")
  }
}

extension Tokenizer {
  /// The tokenizer in a file or folder: that of a model, or one that `TokenizerFile` wrote.
  ///
  /// Throws what reading either throws.
  public init(vocabularyAt path: String) throws {
    self =
      try TextModel.isModel(at: path)
      ? TextModel(contentsOf: path).tokenizer : TokenizerFile.read(path)
  }
}
