extension TokenizerFile {
  /// The JSON of a tokenizer, for `tokenizers` and everything that builds on it.
  ///
  /// - Throws: `TokenizerFileError.inexpressible`.
  public static func json(_ tokenizer: Tokenizer) throws(TokenizerFileError) -> JSONValue {
    let shape = try shape(of: tokenizer)
    let form = tokenizer.preparation.normalizer
    guard let normalizer = normalizers.first(where: { $0.ours == form }) else {
      throw .inexpressible(what: "normalization \(form.rawValue)")
    }
    guard tokenizer.preparation == TextPreparation(form) else {
      throw .inexpressible(what: "what is done to the text beside normalization")
    }
    let units = tokenizer.vocabulary.description.units
    var vocabulary = JSONObject()
    for (number, name) in ([boundaryName, unknownName] + shape.names(units)).enumerated() {
      vocabulary.append(name, JSONValue(number))
    }
    return [
      "version": "1.0", "truncation": .null, "padding": .null, "added_tokens": [],
      "normalizer": normalizer.theirs, "pre_tokenizer": shape.preTokenizer,
      "post_processor": .null, "decoder": shape.decoder,
      "model": shape.model(.object(vocabulary)),
    ]
  }

  /// Writes a tokenizer to a file, whole or not at all.
  ///
  /// - Throws: `TokenizerFileError.inexpressible`, `StorageError`.
  public static func write(_ tokenizer: Tokenizer, to path: String) throws {
    let bytes = try json(tokenizer).serialized()
    try AtomicFile.replace(path) { file in try file.write(bytes) }
  }

  private static func shape(of tokenizer: Tokenizer) throws(TokenizerFileError) -> Shape {
    let segmenter = type(of: tokenizer.segmenter)
    switch segmenter.kind {
    case .byte: return .bytes
    case .scalar: return tokenizer.vocabulary.hasByteFallback ? .charactersAndBytes : .characters
    case .sequence: throw .inexpressible(what: "units of \(segmenter.name)")
    }
  }
}
