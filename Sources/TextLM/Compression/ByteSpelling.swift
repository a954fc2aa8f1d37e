/// Spells any bytes in a model's tokens, so that they come back byte for byte.
///
/// Text is cut into tokens as it is: the model's preparation, which may change text, is left out.
/// What the tokens cannot spell becomes a `Literal`: a character that the model does not know, and
/// bytes that are no UTF-8. Where such things lie close together, all between the first and
/// the last of them is one literal of bytes.
package struct ByteSpelling {
  private let tokenizer: Tokenizer
  /// The bytes of each token; none of the boundary and the unknown.
  private let tokenBytes: [[UInt8]]
  /// The token of each byte, in a model of bytes.
  private let byteTokens: [TokenID]?

  /// At least so many bytes of text are worth coming back for from a literal, which costs about five
  /// bytes.
  private static let leastTextLength = 7

  /// Spells in the tokens of a tokenizer.
  package init(_ tokenizer: Tokenizer) {
    self.tokenizer = tokenizer
    let vocabulary = tokenizer.vocabulary
    var byteTokens = [TokenID](repeating: 0, count: 256)
    tokenBytes = (0..<TokenID(vocabulary.count)).map { token in
      switch vocabulary.kind(of: token) {
      case .boundary, .unknown: return []
      case .unit(let text): return text.bytes
      case .byte(let byte):
        byteTokens[Int(byte)] = token
        return [byte]
      }
    }
    self.byteTokens = type(of: tokenizer.segmenter).kind == .byte ? byteTokens : nil
  }

  /// The symbols of bytes.
  ///
  /// - Complexity: Linear in their number.
  package func symbols(of bytes: [UInt8]) -> CodedSymbols {
    if let byteTokens { return CodedSymbols(tokens: bytes.map { byteTokens[Int($0)] }) }
    var symbols = CodedSymbols()
    var start = 0
    for range in foreignRanges(of: bytes) {
      symbols.tokens += tokens(of: bytes[start..<range.lowerBound])
      symbols.append(Self.literal(bytes[range]))
      start = range.upperBound
    }
    symbols.tokens += tokens(of: bytes[start...])
    return symbols
  }

  /// The bytes of a symbol; nil for what stands for none.
  package func bytes(of token: TokenID, _ literal: Literal?) -> [UInt8]? {
    switch literal {
    case .character(let scalar): Array(String(Character(scalar)).utf8)
    case .bytes(let bytes): bytes
    case nil: tokenBytes[Int(token)].isEmpty ? nil : tokenBytes[Int(token)]
    }
  }

  /// Tokens of valid UTF-8.
  private func tokens(of bytes: ArraySlice<UInt8>) -> [TokenID] {
    tokenizer.encode(prepared: UTF8Text(String(decoding: bytes, as: UTF8.self)))
  }

  private static func literal(_ bytes: ArraySlice<UInt8>) -> Literal {
    if let text = String(validating: bytes, as: UTF8.self), text.unicodeScalars.count == 1,
      let scalar = text.unicodeScalars.first
    {
      return .character(scalar)
    }
    return .bytes(Array(bytes))
  }

  /// The stretches of bytes that tokens do not spell, in order and not touching each other.
  private func foreignRanges(of bytes: [UInt8]) -> [Range<Int>] {
    var merged: [Range<Int>] = []
    for range in unspelledRanges(of: bytes) {
      if let last = merged.last, range.lowerBound - last.upperBound < Self.leastTextLength {
        merged[merged.count - 1] = last.lowerBound..<range.upperBound
      } else {
        merged.append(range)
      }
    }
    return merged
  }

  /// Each unknown character and each sequence of bytes that is none, in order.
  private func unspelledRanges(of bytes: [UInt8]) -> [Range<Int>] {
    let isText = String(validating: bytes, as: UTF8.self) != nil
    // Byte tokens spell every character.
    if isText, tokenizer.vocabulary.hasByteFallback { return [] }
    var ranges: [Range<Int>] = []
    var place = 0
    var textStart = 0
    var parser = Unicode.UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    if isText { place = bytes.count }
    while !isText {
      switch parser.parseScalar(from: &iterator) {
      case .valid(let scalar):
        place += scalar.count
        continue
      case .error(let length):
        ranges += unknownRanges(of: bytes, in: textStart..<place)
        ranges.append(place..<place + length)
        place += length
        textStart = place
        continue
      case .emptyInput: break
      }
      break
    }
    return ranges + unknownRanges(of: bytes, in: textStart..<place)
  }

  /// Each unknown character of a stretch of valid UTF-8.
  private func unknownRanges(of bytes: [UInt8], in range: Range<Int>) -> [Range<Int>] {
    guard !tokenizer.vocabulary.hasByteFallback, !range.isEmpty else { return [] }
    var ranges: [Range<Int>] = []
    var start = range.lowerBound
    // Without byte tokens each token is one scalar.
    for token in tokens(of: bytes[range]) {
      var end = start + 1
      while end < range.upperBound, bytes[end] & 0xC0 == 0x80 { end += 1 }
      if token == Vocabulary.unknown { ranges.append(start..<end) }
      start = end
    }
    return ranges
  }
}
