/// One text to learn from or to measure, with what identifies it.
public struct CorpusFile: Sendable {
  /// Its name, without folders; `-` for standard input.
  public let name: String
  /// The number of bytes as it was read.
  public let byteCount: Int
  /// The SHA-256 digest of those bytes, in hexadecimal.
  public let sha256: String
  /// Its text, decoded and not yet normalized.
  public let text: UTF8Text

  /// Texts up to this many bytes are read; they are held in memory.
  public static let byteLimit = 1 << 32

  /// Reads a file, or a pipe to its end. Bytes that are not UTF-8 are an error that says where.
  ///
  /// Throws `StorageError` or `TextError`.
  public init(contentsOf path: String) throws {
    try self.init(
      bytes: FileReader.streamedBytes(at: path, atMost: Self.byteLimit),
      name: Self.lastComponent(path), source: path)
  }

  /// Reads standard input to its end.
  public init(standardInput: Void) throws {
    try self.init(
      bytes: FileReader.standardInput(atMost: Self.byteLimit), name: "-",
      source: "standard input")
  }

  /// Takes bytes that were read already; `source` is their name in errors.
  public init(bytes: [UInt8], name: String, source: String) throws(TextError) {
    text = try TextDecoder().decode(bytes, source: source).text
    var hash = SHA256()
    hash.update(bytes)
    self.name = name
    byteCount = bytes.count
    sha256 = hash.hexDigest
  }

  private static func lastComponent(_ path: String) -> String {
    path.utf8.split(separator: UInt8(ascii: "/")).last.map { String(Substring($0)) } ?? path
  }
}

extension CorpusFile {
  /// The JSON of a training card's `corpus`.
  var json: JSONValue {
    ["name": JSONValue(name), "bytes": JSONValue(byteCount), "sha256": JSONValue(sha256)]
  }
}
