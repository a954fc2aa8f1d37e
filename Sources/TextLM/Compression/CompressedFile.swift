/// The content of a `.tlmz` file.
///
/// In order: `TLMZ`; a byte of the format's version in its four high bits, whether the number of stretches is told,
/// the arithmetic in two bits, and how the text is stored in the lowest; the first 5 bytes of the SHA-256 of the
/// model's tensors; the number of bytes; how many fewer symbols there are; the number of stretches where it is told;
/// the first 4 bytes of the SHA-256 of the original; the content; and the CRC-32C of all before it, 4 bytes, the
/// lowest first. Numbers have seven bits in a byte, the lowest first, with the eighth bit where more follow.
package struct CompressedFile: Equatable {
  /// How the text is stored.
  package enum Method: UInt8 {
    /// As it was: the model would have made it longer.
    case stored = 0
    /// As a model's choices.
    case model = 1
  }

  /// The format that is read and written.
  package static let formatVersion: UInt8 = 2
  /// The most bytes that are compressed: all of them and their symbols are in memory.
  package static let greatestByteCount = 1 << 28

  package var method: Method
  /// What the model was computed with; the last bits of its numbers depend on it.
  package var arithmetic: FloatArithmetic
  /// The beginning of the SHA-256 of the model's tensors, as hexadecimal digits.
  package var modelChecksum: String
  /// The size of the original.
  package var byteCount: Int
  /// No more than bytes.
  package var symbolCount: Int
  package var stretchCount: Int
  /// The first bytes of the SHA-256 of the original.
  package var contentChecksum: [UInt8]
  package var content: [UInt8]

  private static let magic = Array("TLMZ".utf8)
  private static let checksumSize = 4
  private static let contentChecksumSize = 4
  private static let modelChecksumSize = 5

  /// The beginning of the SHA-256 of a text.
  package static func contentChecksum(of bytes: [UInt8]) -> [UInt8] {
    var hash = SHA256()
    hash.update(bytes)
    return Array(ByteWriter.bytes(ofHexadecimal: hash.hexDigest).prefix(contentChecksumSize))
  }

  /// What a file says of a model's checksum.
  package static func modelChecksum(of model: TextModel) -> String {
    String(model.checksum.prefix(2 * modelChecksumSize))
  }

  /// The file.
  package var bytes: [UInt8] {
    let isToldStretches = stretchCount != Self.standardStretchCount(of: symbolCount)
    var writer = ByteWriter()
    writer.bytes += Self.magic
    writer.bytes.append(
      Self.formatVersion << 4 | (isToldStretches ? 8 : 0) | arithmetic.rawValue << 1
        | method.rawValue)
    writer.bytes += ByteWriter.bytes(ofHexadecimal: modelChecksum)
    writer.append(byteCount)
    writer.append(byteCount - symbolCount)
    if isToldStretches { writer.append(stretchCount) }
    writer.bytes += contentChecksum + content
    let checksum = CRC32C.checksum(writer.bytes)
    for shift in stride(from: 0, to: 32, by: 8) {
      writer.bytes.append(UInt8(truncatingIfNeeded: checksum >> UInt32(shift)))
    }
    return writer.bytes
  }

  private static func standardStretchCount(of symbolCount: Int) -> Int {
    SymbolStretches(symbolCount: symbolCount, count: nil).count
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
    let kind = bytes[Self.magic.count]
    guard kind >> 4 == Self.formatVersion else {
      throw .otherFormat(source: source, isNewer: kind >> 4 > Self.formatVersion)
    }
    let stored = bytes[end...].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    guard CRC32C.checksum(Array(bytes[..<end])) == stored else {
      throw .damaged(
        source: source, problem: "its checksum differs from that of its \(bytes.count) bytes")
    }
    var reader = ByteReader(bytes, in: Self.magic.count + 1..<end)
    guard let arithmetic = FloatArithmetic(rawValue: kind >> 1 & 3),
      let model = reader.bytes(Self.modelChecksumSize), let byteCount = reader.number(),
      let missingCount = reader.number(), byteCount <= Self.greatestByteCount,
      missingCount <= byteCount,
      let stretchCount = kind & 8 == 0
        ? Self.standardStretchCount(of: byteCount - missingCount) : reader.number(),
      stretchCount <= SymbolStretches.mostCount,
      let contentChecksum = reader.bytes(Self.contentChecksumSize)
    else {
      throw .damaged(source: source, problem: "its header says what no textlm writes")
    }
    method = kind & 1 == 0 ? .stored : .model
    self.arithmetic = arithmetic
    modelChecksum = ByteWriter.hexadecimal(model)
    self.byteCount = byteCount
    symbolCount = byteCount - missingCount
    self.stretchCount = stretchCount
    self.contentChecksum = contentChecksum
    content = reader.rest
  }
}
