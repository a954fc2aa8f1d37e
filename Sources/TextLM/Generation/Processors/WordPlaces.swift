/// Tells where words begin: places where a text may turn anywhere, while within a word the spelling
/// decides.
///
/// A word goes on after a letter, a mark or a digit, and after an apostrophe behind one.
public struct WordPlaces: Sendable {
  private enum Ending {
    case word, apostrophe, other
  }

  /// How each token's text ends.
  private let endings: [Ending]

  /// The places in texts of a vocabulary. Throws `TextError` when ICU cannot tell letters.
  public init(_ vocabulary: Vocabulary) throws(TextError) {
    let wordCharacters = try ScalarSet("[[:L:][:M:][:N:]]", option: "words")
    var endings: [Ending] = []
    for token in 0..<vocabulary.count {
      switch vocabulary.kind(of: TokenID(token)) {
      case .boundary, .unknown: endings.append(.other)
      case .unit(let text):
        endings.append(Self.ending(text.scalars.last ?? 0, wordCharacters))
      // Above ASCII it is a part of a character, and those that need several bytes are mostly letters.
      case .byte(let byte):
        endings.append(byte < 0x80 ? Self.ending(UInt32(byte), wordCharacters) : .word)
      }
    }
    self.endings = endings
  }

  private static func ending(_ scalar: UInt32, _ wordCharacters: ScalarSet) -> Ending {
    if wordCharacters.contains(scalar) { return .word }
    return scalar == 0x27 || scalar == 0x2019 ? .apostrophe : .other
  }

  /// Whether a word may begin after `tokens`: they are none, or do not end within a word.
  public func isWordStart(after tokens: [TokenID]) -> Bool {
    guard let last = tokens.last else { return true }
    switch endings[Int(last)] {
    case .word: return false
    case .other: return true
    case .apostrophe:
      guard let before = tokens.dropLast().last else { return true }
      return endings[Int(before)] != .word
    }
  }
}
