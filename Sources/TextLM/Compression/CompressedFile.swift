/// The content of a `.tlmz` file.
///
/// In order: `TLMZ`; the format's version, a byte; how the text is stored, a byte; the SHA-256 of the
/// model's tensors, 32 bytes; the numbers of bytes, symbols and stretches; the names of
/// the instruction set and of the version of textlm, each behind its length; the first 8 bytes of the
/// SHA-256 of the original; the content; and the CRC-32C of all before it, 4 bytes, the lowest
/// first. Numbers have seven bits in a byte, the lowest first, with the eighth bit where more
/// follow.
package struct CompressedFile: Equatable {
  /// How the text is stored.
  package enum Method: UInt8 {
    /// As it was: the model would have made it longer.
    case stored = 0
    /// As a model's choices.
    case model = 1
  }

  /// The newest format that is read, and the one that is written.
  package static let formatVersion: UInt8 = 1
  /// The most bytes that are compressed: all of them and their symbols are in memory.
  package static let greatestByteCount = 1 << 28

  package var method: Method
  /// The SHA-256 of the model's tensors, as 64 hexadecimal digits.
  package var modelChecksum: String
  /// The size of the original.
  package var byteCount: Int
  package var symbolCount: Int
  package var stretchCount: Int
  /// What the model was computed with; the last bits of its numbers depend on it.
  package var instructionSet: String
  /// The version of textlm that made the file.
  package var version: String
  /// The first bytes of the SHA-256 of the original.
  package var contentChecksum: [UInt8]
  package var content: [UInt8]

  private static let magic = Array("TLMZ".utf8)
  private static let checksumSize = 4

  /// The first 8 bytes of the SHA-256 of a text.
  package static func contentChecksum(of bytes: [UInt8]) -> [UInt8] {
    var hash = SHA256()
    hash.update(bytes)
    return Array(ByteWriter.bytes(ofHexadecimal: hash.hexDigest).prefix(8))
  }

  /// The file.
  package var bytes: [UInt8] {
    var writer = ByteWriter()
    writer.bytes += Self.magic + [Self.formatVersion, method.rawValue]
    writer.bytes += ByteWriter.bytes(ofHexadecimal: modelChecksum)
    for number in [byteCount, symbolCount, stretchCount] { writer.append(number) }
    for name in [instructionSet, version] { writer.append(name) }
    writer.bytes += contentChecksum + content
    let checksum = CRC32C.checksum(writer.bytes)
    for shift in stride(from: 0, to: 32, by: 8) {
      writer.bytes.append(UInt8(truncatingIfNeeded: checksum >> UInt32(shift)))
    }
    return writer.bytes
  }
}

extension CompressedFile {
  /// Reads a file, which may come from anywhere; `source` is its name in errors.
  package init(parsing bytes: [UInt8], source: String) throws(CompressionError) {
    guard bytes.starts(with: Self.magic) else { throw .foreign(source: source) }
    let end = bytes.count - Self.checksumSize
    guard end > Self.magic.count else {
      throw .damaged(source: source, problem: "it ends within its first bytes")
    }
    let version = bytes[Self.magic.count]
    guard version <= Self.formatVersion else {
      throw .newerFormat(
        source: source, version: Int(version), known: Int(Self.formatVersion))
    }
    let stored = bytes[end...].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    guard CRC32C.checksum(Array(bytes[..<end])) == stored else {
      throw .damaged(
        source: source, problem: "its checksum differs from that of its \(bytes.count) bytes")
    }
    var reader = ByteReader(bytes, in: Self.magic.count + 1..<end)
    guard let method = reader.bytes(1)?.first.flatMap(Method.init), let model = reader.bytes(32),
      let byteCount = reader.number(), let symbolCount = reader.number(),
      let stretchCount = reader.number(), let instructionSet = reader.text(),
      let program = reader.text(), let contentChecksum = reader.bytes(8),
      byteCount <= Self.greatestByteCount, symbolCount <= byteCount,
      stretchCount <= SymbolStretches.mostCount
    else {
      throw .damaged(source: source, problem: "its header says what no textlm writes")
    }
    self.method = method
    modelChecksum = ByteWriter.hexadecimal(model)
    self.byteCount = byteCount
    self.symbolCount = symbolCount
    self.stretchCount = stretchCount
    self.instructionSet = instructionSet
    self.version = program
    self.contentChecksum = contentChecksum
    content = reader.rest
  }
}
