/// Compresses with a model: each symbol takes as many bits as the model says it is worth, so that
/// the size of the file is what the model's score has promised.
///
/// Everything comes back byte for byte, whether it is text or not: what the model has no tokens for is
/// spelled out, and what it would make longer is stored as it is.
///
/// Reference: J. G. Cleary and I. H. Witten, "Data compression using adaptive coding and partial string
/// matching", IEEE Transactions on Communications 32 (4), 1984, for prediction with arithmetic coding.
public struct TextCompressor: Sendable {
  /// How many stretches a text may be read in.
  public static let stretchCounts = 1...SymbolStretches.mostCount

  /// The most bytes that are compressed, 256 MiB: about ten bytes of memory are taken for each.
  public static let greatestByteCount = CompressedFile.greatestByteCount

  private let model: TextModel
  private let stretchCount: Int?

  /// A compressor that uses a model of either direction and of any unit.
  ///
  /// - Parameter stretchCount: Stretches read side by side, within `stretchCounts`: more are faster,
  ///   and each but the first costs up to some 100 bits. Nil for one for each 32,768 symbols.
  public init(_ model: TextModel, stretchCount: Int? = nil) {
    if let stretchCount {
      precondition(
        Self.stretchCounts.contains(stretchCount),
        "compressor: \(stretchCount) stretches are not within \(Self.stretchCounts)")
    }
    self.model = model
    self.stretchCount = stretchCount
  }

  /// The content of a file that stands for the bytes.
  ///
  /// The same bytes, model, stretches and instruction set give the same file, whatever the number of
  /// threads. Requires no more than `greatestByteCount` bytes.
  public func compress(_ bytes: [UInt8]) -> (file: [UInt8], summary: CompressionSummary) {
    precondition(
      bytes.count <= Self.greatestByteCount,
      "compressor: \(bytes.count) bytes, at most \(Self.greatestByteCount) are compressed")
    let symbols = ByteSpelling(model.tokenizer).symbols(of: bytes)
      .ordered(model.configuration.direction)
    let stretches = SymbolStretches(symbolCount: symbols.tokens.count, count: stretchCount)
    let coded = encode(symbols, stretches)
    let isStored = coded.content.count >= bytes.count
    let file = CompressedFile(
      method: isStored ? .stored : .model, arithmetic: FloatArithmetic(Engine.instructionSet),
      modelChecksum: CompressedFile.modelChecksum(of: model), byteCount: bytes.count,
      symbolCount: isStored ? 0 : stretches.symbolCount,
      stretchCount: isStored ? 0 : stretches.count,
      contentChecksum: CompressedFile.contentChecksum(of: bytes),
      content: isStored ? bytes : coded.content)
    let fileBytes = file.bytes
    return (
      fileBytes,
      summary(
        of: bytes, symbols, modelBits: coded.bits, file: file, fileByteCount: fileBytes.count,
        stretches)
    )
  }

  private func encode(
    _ symbols: CodedSymbols, _ stretches: SymbolStretches
  ) -> (content: [UInt8], bits: Double) {
    var encoder = RangeEncoder()
    var bits = 0.0
    SymbolReading(model: model).forEachSymbol(of: stretches) { place, expected in
      let token = symbols.tokens[place]
      let parts = expected.parts(of: token)
      encoder.encode(start: parts.start, size: parts.size, total: expected.total)
      bits += expected.bits(of: token)
      if let literal = symbols.literals[place] {
        encoder.encode(literal)
        bits += literal.bits
      }
      return token
    }
    return (encoder.finish(), bits)
  }

  private func summary(
    of bytes: [UInt8], _ symbols: CodedSymbols, modelBits: Double, file: CompressedFile,
    fileByteCount: Int, _ stretches: SymbolStretches
  ) -> CompressionSummary {
    var (unknownCharacterCount, rawByteCount) = (0, 0)
    for literal in symbols.literals.values {
      switch literal {
      case .character: unknownCharacterCount += 1
      case .bytes(let bytes): rawByteCount += bytes.count
      }
    }
    return CompressionSummary(
      originalByteCount: bytes.count, compressedByteCount: fileByteCount,
      contentByteCount: file.content.count,
      characterCount: UTF8Text(String(decoding: bytes, as: UTF8.self)).characterCount,
      modelBits: modelBits, isStored: file.method == .stored,
      unknownCharacterCount: unknownCharacterCount, rawByteCount: rawByteCount,
      stretchCount: stretches.count)
  }
}
