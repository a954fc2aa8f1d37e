/// Cuts texts of tokens into the parts of a hierarchy: words of characters, or sentences of words.
struct TextParts: Sendable {
  /// Whether a part ends behind each token.
  private let isLast: [Bool]

  /// Longer parts are cut.
  static let longestPart = 40

  /// A part ends behind white space, or where tokens are words behind a mark that ends sentences or a line.
  init(_ tokenizer: Tokenizer) {
    let areWords = type(of: tokenizer.segmenter).name.utf8.elementsEqual(WordSegmenter.name.utf8)
    let vocabulary = tokenizer.vocabulary
    isLast = (0..<TokenID(vocabulary.count)).map { token in
      guard case .unit(let text) = vocabulary.kind(of: token) else { return false }
      return text.string.unicodeScalars.contains { scalar in
        areWords ? Self.endsSentences(scalar) : scalar.properties.isWhitespace
      }
    }
  }

  /// Full stops, exclamation and question marks of many scripts, and the end of a line.
  private static func endsSentences(_ scalar: Unicode.Scalar) -> Bool {
    ".!?…。！？؟।\n\r".unicodeScalars.contains(scalar)
  }

  /// The parts of a text, none of them empty.
  func parts(of text: some Collection<TokenID>) -> [[TokenID]] {
    var (parts, part) = ([[TokenID]](), [TokenID]())
    for token in text {
      part.append(token)
      if isLast[Int(token)] || part.count == Self.longestPart {
        parts.append(part)
        part = []
      }
    }
    return part.isEmpty ? parts : parts + [part]
  }
}
