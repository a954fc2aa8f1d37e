/// A corpus that was read through, divided and found good to learn from, with its tokenizer; not
/// yet encoded.
package struct PreparedCorpus {
  let files: [CorpusFile]
  let options: TrainingData.Options
  let shape: BatchShape
  let plan: CorpusPlan
  package let tokenizer: Tokenizer
  /// What is worth telling.
  let notices: [String]

  /// Texts up to this many bytes have their tokens in memory.
  package static let memoryLimit = 1 << 24

  /// Divides the corpus and counts its units, unless there is a tokenizer already.
  ///
  /// Throws `CorpusError` for a corpus with too little text, `TextError` from the tokenizer.
  package init(
    _ files: [CorpusFile], _ options: TrainingData.Options, tokenizer existing: Tokenizer? = nil
  ) throws {
    var options = options
    func read(_ file: CorpusFile) throws -> CorpusFile {
      var rules = options.reading ?? file.reading
      rules.newlines = options.preparation.newlines
      return try file.reading(by: rules)
    }
    let files = try files.map(read)
    if case .files(let others) = options.split { options.split = .files(try others.map(read)) }
    options.reading = options.reading ?? files.first?.reading
    let characterCount = files.reduce(0) { $0 + $1.characterCount }
    guard characterCount >= 2 else {
      throw CorpusError.tooShort(
        names: files.map(\.sourceName), characterCount: characterCount, smallest: 2)
    }
    self.files = files
    self.options = options
    shape = BatchShape(fitting: options, characterCount: characterCount)
    plan = try CorpusPlan(files, options, shape)
    guard plan.segments.contains(where: { $0.part == .training && $0.characterCount > 0 }) else {
      throw CorpusError.nothingToTrainOn(characterCount: characterCount, split: options.split.name)
    }
    if let existing {
      tokenizer = existing
      notices = plan.notices
    } else {
      let made = try plan.makeTokenizer(options)
      tokenizer = made.tokenizer
      notices =
        made.droppedCount == 0
        ? plan.notices
        : plan.notices + [
          "more than \(UnitCounts.sequenceLimit) different units: \(made.droppedCount) rare ones were "
            + "let go and are spelled in bytes"
        ]
    }
    if tokenizer.vocabulary.unitCount == 1 {
      throw CorpusError.oneSymbol(names: files.map(\.sourceName))
    }
  }

  /// Whether its tokens have room in memory.
  var isSmall: Bool { plan.textByteCount <= Self.memoryLimit }

  /// Encodes the corpus.
  ///
  /// The tokens of a large one go to `tokens.bin` in `folder`, or are found there, or without a
  /// folder go to a file without a name.
  package func encoded(in folder: Folder?, memoryLimit: Int = Self.memoryLimit) throws
    -> TrainingData
  {
    guard plan.textByteCount > memoryLimit else {
      var tokens: [TokenID] = []
      let (ends, counts) = try plan.encode(tokenizer) { tokens += $0 }
      return try TrainingData(self, TokenStore(tokens), segmentEnds: ends, counts)
    }
    guard let folder else { return try spooled() }
    let path = folder.path(to: TokenFile.name)
    let (key, vocabularySize) = (try key(), tokenizer.vocabulary.count)
    func read() throws -> (tokens: TokenStore, content: TokenFile.Content)? {
      try TokenFile.read(path, key: key, vocabularySize: vocabularySize)
    }
    var stored = try read()
    if stored == nil {
      try write(to: path, key: key)
      stored = try read()
    }
    guard let stored else { throw StorageError.changed(path: path) }
    return try TrainingData(
      self, stored.tokens, segmentEnds: stored.content.segmentEnds,
      stored.content.validationCounts)
  }

  private var width: TokenFile.Width {
    TokenFile.Width(vocabularySize: tokenizer.vocabulary.count)
  }

  private func spooled() throws -> TrainingData {
    let file = try SpooledFile()
    var writer = TokenWriter(width: width)
    let (ends, counts) = try plan.encode(tokenizer) { tokens in
      try writer.append(tokens) { try file.append($0) }
    }
    try writer.flush { try file.append($0) }
    let map = try file.map()
    let store = TokenStore(map, start: 0, count: map.byteCount / width.rawValue, width: width)
    return try TrainingData(self, store, segmentEnds: ends, counts)
  }

  private func write(to path: String, key: String) throws {
    try AtomicFile.replace(path) { file in
      try file.write(TokenFile.header(key: key, width: width))
      var writer = TokenWriter(width: width)
      let (ends, counts) = try plan.encode(tokenizer) { tokens in
        try writer.append(tokens) { try file.write($0) }
      }
      try writer.flush { try file.write($0) }
      let content = TokenFile.Content(segmentEnds: ends, validationCounts: counts)
      try file.write(TokenFile.trailer(content, checksum: writer.checksum))
    }
  }

  /// The digest of all that decides the tokens.
  private func key() throws -> String {
    let reading = options.reading ?? ReadingRules()
    let json: JSONValue = [
      "files": .array(plan.files.map { JSONValue($0.sha256) }),
      "encoding": reading.encoding.name.map { JSONValue($0) } ?? .null,
      "invalid": JSONValue(reading.invalidBytes.rawValue),
      "newlines": JSONValue(reading.newlines.rawValue),
      "documents": JSONValue(reading.documents.name),
      "segments": .array(plan.segments.map { JSONValue($0.characterCount) }),
      "measured": .array(plan.segments.map { JSONValue($0.part == plan.measuredPart) }),
      "prepared": JSONValue(plan.isPrepared),
      "boundaries": JSONValue(plan.boundaries.rawValue),
      "ends": JSONValue(plan.measuresEnds),
      "tokenizer": tokenizer.description.json,
    ]
    var hash = SHA256()
    hash.update(try json.serialized())
    return hash.hexDigest
  }
}
