/// One text to learn from or to measure, with what identifies it.
///
/// A file is not held in memory but read again each time its text is needed; it must not change
/// meanwhile.
public struct CorpusFile: Sendable {
  /// Its name, without the folders it was named with; `-` for standard input.
  public let name: String
  /// The number of bytes as it was read.
  public let byteCount: Int
  /// The SHA-256 digest of those bytes, in hexadecimal.
  public let sha256: String
  /// Unicode scalars of its documents together, before anything is done to them.
  public let characterCount: Int
  /// How many documents it holds.
  public let documentCount: Int
  /// What was found out about its bytes and is worth telling.
  public let notices: [String]
  /// How it is read.
  public let reading: ReadingRules

  /// Bytes of its documents in UTF-8.
  let textByteCount: Int
  /// The name in errors: the path as it was given, or `standard input`.
  public let sourceName: String
  /// The rules with the encoding that was found.
  private let found: ReadingRules
  private let source: CorpusSource

  /// Reads a file, or a pipe to its end. A file that is compressed with gzip is unpacked.
  ///
  /// Throws `StorageError`, or `TextError` for bytes that are no text, with their place.
  public init(contentsOf path: String, _ reading: ReadingRules = ReadingRules()) throws {
    try self.init(
      CorpusSource(path: path), name: Self.lastComponent(path), sourceName: path, reading)
  }

  /// Reads standard input to its end.
  public init(standardInput: Void, _ reading: ReadingRules = ReadingRules()) throws {
    try self.init(
      CorpusSource(standardInput: ()), name: "-", sourceName: "standard input", reading)
  }

  /// Takes bytes that were read already; `source` is their name in errors.
  public init(
    bytes: [UInt8], name: String, source: String, _ reading: ReadingRules = ReadingRules()
  ) throws {
    try self.init(.bytes(bytes), name: name, sourceName: source, reading)
  }

  /// Reads everything once.
  init(
    _ source: CorpusSource, name: String, sourceName: String, _ reading: ReadingRules
  ) throws {
    var survey = CorpusSurvey(sourceName: sourceName)
    found = try survey.read(source, reading)
    byteCount = survey.byteCount
    sha256 = survey.sha256
    characterCount = survey.characterCount
    documentCount = survey.documentCount
    textByteCount = survey.textByteCount
    notices = survey.notices
    self.name = name
    self.sourceName = sourceName
    self.source = source
    self.reading = reading
  }

  /// The same bytes read by other rules.
  func reading(by rules: ReadingRules) throws -> CorpusFile {
    if rules == reading { return self }
    return try CorpusFile(source, name: name, sourceName: sourceName, rules)
  }

  static func lastComponent(_ path: String) -> String {
    path.utf8.split(separator: UInt8(ascii: "/")).last.map { String(Substring($0)) } ?? path
  }
}

extension CorpusFile {
  /// Reads the text once more, passage by passage.
  ///
  /// With `tracksOffsets` passages tell where their bytes come from: in the file, or in what is
  /// compressed in it.
  public func forEachPassage(
    tracksOffsets: Bool = false, _ body: (Passage) throws -> Void
  ) throws {
    var reader = try reader(tracksOffsets: tracksOffsets)
    while let passage = try reader.next() { try body(passage) }
  }

  /// How the text begins; nil when there is none.
  var firstPassage: Passage? {
    get throws {
      var reader = try reader(tracksOffsets: false)
      return try reader.next()
    }
  }

  private func reader(tracksOffsets: Bool) throws -> TextReader {
    TextReader(
      found, source: sourceName, tracksOffsets: tracksOffsets,
      nextBytes: try source.content(path: sourceName))
  }

  /// Reads standard input as it comes, passage by passage, in memory that does not grow with it.
  ///
  /// It can be read only once, so that no encoding can be guessed: `automatic` is taken as
  /// `TextReader` does.
  public static func forEachPassage(
    ofStandardInputBy rules: ReadingRules, tracksOffsets: Bool = false,
    _ body: (Passage) throws -> Void
  ) throws {
    let name = "standard input"
    let stream = try ByteStream(standardInput: ())
    var reader = TextReader(
      rules, source: name, tracksOffsets: tracksOffsets,
      nextBytes: try CorpusSource.unpacked(path: name) { try stream.next() })
    while let passage = try reader.next() { try body(passage) }
  }

  /// The text of all documents, one after another, in memory.
  public var text: UTF8Text {
    get throws { UTF8Text(joining: try documents) }
  }

  /// The documents, in memory.
  public var documents: [UTF8Text] {
    get throws {
      var documents: [[UTF8Text]] = []
      try forEachPassage { passage in
        if passage.startsDocument { documents.append([]) }
        documents[documents.count - 1].append(passage.text)
      }
      return documents.map { UTF8Text(joining: $0) }
    }
  }

  /// The JSON of a training card's `corpus`.
  var json: JSONValue {
    ["name": JSONValue(name), "bytes": JSONValue(byteCount), "sha256": JSONValue(sha256)]
  }
}

extension CorpusSource {
  /// The bytes, unpacked where they are compressed.
  func content(
    path: String, observing observe: @escaping ([UInt8]) -> Void = { _ in }
  ) throws -> () throws -> [UInt8] {
    let raw = try open()
    return try Self.unpacked(path: path) {
      let bytes = try raw()
      observe(bytes)
      return bytes
    }
  }

  /// The content of a file of which `next` gives the bytes, unpacked where they are compressed.
  static func unpacked(
    path: String, next: @escaping () throws -> [UInt8]
  ) throws -> () throws -> [UInt8] {
    var first: [UInt8]? = try next()
    if let begun = first, GzipReader.isCompressed(begun) {
      let reader = try GzipReader(path: path, first: begun, nextBytes: next)
      return { try reader.next() }
    }
    return {
      defer { first = nil }
      return try first ?? next()
    }
  }
}
