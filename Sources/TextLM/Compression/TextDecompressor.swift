/// Turns what a `TextCompressor` has made back into what it was, with the same model.
public struct TextDecompressor: Sendable {
  private let model: TextModel

  /// A decompressor of what the same model has compressed.
  public init(_ model: TextModel) {
    self.model = model
  }

  /// The bytes that a compressed file stands for, every one as it was.
  ///
  /// Takes as long as compressing did. Throws `CompressionError`, with `source` as the file's name,
  /// for a file that is none of textlm, is damaged, or was made with another model or with other
  /// instructions of the processor.
  public func decompress(
    _ file: [UInt8], source: String
  ) throws(CompressionError) -> [UInt8] {
    let stored = try CompressedFile(parsing: file, source: source)
    let given = CompressedFile.modelChecksum(of: model)
    guard stored.modelChecksum == given else {
      throw .otherModel(source: source, needed: stored.modelChecksum, given: given)
    }
    let bytes =
      switch stored.method {
      case .stored: stored.content
      case .model: try decode(stored, source: source)
      }
    guard bytes.count == stored.byteCount,
      CompressedFile.contentChecksum(of: bytes) == stored.contentChecksum
    else { throw .otherProbabilities(source: source) }
    return bytes
  }

  private func decode(
    _ stored: CompressedFile, source: String
  ) throws(CompressionError) -> [UInt8] {
    let inUse = Engine.instructionSet
    guard stored.arithmetic == FloatArithmetic(inUse) else {
      throw .otherInstructions(
        source: source, needed: stored.arithmetic.instructionSet.rawValue, inUse: inUse.rawValue)
    }
    let stretches = SymbolStretches(symbolCount: stored.symbolCount, count: stored.stretchCount)
    let spelling = ByteSpelling(model.tokenizer)
    var decoder = RangeDecoder(stored.content, in: 0..<stored.content.count)
    var symbols = CodedSymbols(
      tokens: [TokenID](repeating: Vocabulary.boundary, count: stored.symbolCount))
    var room = stored.byteCount
    try SymbolReading(model: model).forEachSymbol(of: stretches) {
      place, expected throws(CompressionError) in
      let found = expected.token(at: decoder.point(below: expected.total))
      decoder.accept(start: found.start, size: found.size)
      var literal: Literal?
      if found.token == Vocabulary.unknown { literal = decoder.decodeLiteral(atMost: room) }
      guard let bytes = spelling.bytes(of: found.token, literal), bytes.count <= room,
        !decoder.isPastEnd
      else { throw .otherProbabilities(source: source) }
      room -= bytes.count
      symbols.tokens[place] = found.token
      if let literal { symbols.literals[place] = literal }
      return found.token
    }
    let ordered = symbols.ordered(model.configuration.direction)
    var result: [UInt8] = []
    result.reserveCapacity(stored.byteCount)
    for (place, token) in ordered.tokens.enumerated() {
      result += spelling.bytes(of: token, ordered.literals[place]) ?? []
    }
    return result
  }
}
