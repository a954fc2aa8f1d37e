/// The size of a text in the units that results are given in.
///
/// Characters, bytes and words are those of the text as given, before normalization, so that two
/// models with different normalizers divide by the same numbers.
public struct TextCounts: Sendable, Equatable {
  /// Unicode scalars.
  public var characters: Int
  /// Bytes of UTF-8.
  public var bytes: Int
  /// Longest runs of characters that are not white space.
  public var words: Int
  /// Tokens that are `<unk>`.
  public var unknown: Int

  /// Takes the four counts.
  public init(characters: Int, bytes: Int, words: Int, unknown: Int) {
    self.characters = characters
    self.bytes = bytes
    self.words = words
    self.unknown = unknown
  }
}

extension Tokenizer {
  /// The tokens of a text together with its size.
  public func encodeCounting(_ text: UTF8Text) -> (tokens: [TokenID], counts: TextCounts) {
    let tokens = encode(text)
    let counts = TextCounts(
      characters: text.characterCount, bytes: text.bytes.count, words: text.wordCount,
      unknown: tokens.count { $0 == Vocabulary.unknown })
    return (tokens, counts)
  }
}

extension UTF8Text {
  /// The number of longest runs of characters that are not white space.
  public var wordCount: Int {
    var isInWord = false
    return wordCount(continuing: &isInWord)
  }

  /// The number of such runs that begin in this text, which goes on where another one has ended.
  ///
  /// - Parameter isInWord: Whether that text ended within a run; afterwards, whether this one does.
  public func wordCount(continuing isInWord: inout Bool) -> Int {
    let span = bytes.span
    let whiteSpace = UnicodeTables.whiteSpace
    var words = 0
    var offset = 0
    var wasInWord = isInWord
    while offset < span.count {
      let isInWord = !whiteSpace[UTF8Scalar.value(in: span, at: offset)]
      // A sum and no branch: where words start cannot be predicted.
      words += isInWord && !wasInWord ? 1 : 0
      wasInWord = isInWord
      offset += UTF8Scalar.length(leadByte: span[offset])
    }
    isInWord = wasInWord
    return words
  }
}
