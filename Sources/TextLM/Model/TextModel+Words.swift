extension TextModel {
  /// One word of a scored text.
  public struct WordScore: Sendable, Equatable {
    /// The word without the white space around it.
    public let text: String
    /// What its characters cost, and the white space behind it, in nats: the sum over all words is the
    /// text's.
    public let nats: Double
    /// Tokens of the word and of that white space.
    public let tokenCount: Int
    /// Unknown characters among them.
    public let unknownCount: Int
  }

  /// What each word of `text` cost, read on with all before it in mind. A word is what stands between white
  /// space; white space at the beginning belongs to the first.
  ///
  /// The text's end, with `includesEnd`, belongs to the last. A text of white space alone is one word
  /// without characters, and so is the end of an empty text; without its end that has no words.
  public func scoreWords(
    _ text: UTF8Text, condition: UTF8Text? = nil, includesEnd: Bool = false,
    precision: ComputePrecision = Engine.evaluationPrecision,
    context: ScoringContext = .standard
  ) -> [WordScore] {
    let scores = scoreTokens(
      text, condition: condition, includesEnd: includesEnd, precision: precision,
      context: context)
    if text.bytes.isEmpty, scores.isEmpty { return [] }
    var words: [WordScore] = []
    var next = scores[...]
    for range in text.wordRanges {
      // The end of the text has the place behind all words.
      let isLast = range.upperBound == text.bytes.count
      let own = isLast ? next : next.prefix { $0.range.lowerBound < range.upperBound }
      next = next[own.endIndex...]
      words.append(
        WordScore(
          text: text.word(in: range), nats: own.reduce(0) { $0 + $1.nats },
          tokenCount: own.count, unknownCount: own.count { $0.token == Vocabulary.unknown }))
    }
    return words
  }
}

extension UTF8Text {
  /// The bytes of each word and of the white space behind it, together all; the first word has what
  /// stands before it too.
  fileprivate var wordRanges: [Range<Int>] {
    var starts = [0]
    var (isBehindSpace, hasWord, place) = (false, false, 0)
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      let isSpace = scalar.properties.isWhitespace
      if !isSpace, isBehindSpace, hasWord { starts.append(place) }
      if !isSpace { hasWord = true }
      isBehindSpace = isSpace
      place += UTF8.width(scalar)
    }
    return zip(starts, starts.dropFirst() + [place]).map { $0..<$1 }
  }

  /// The word among the white space of a range.
  fileprivate func word(in range: Range<Int>) -> String {
    let scalars = String(decoding: bytes[range], as: UTF8.self).unicodeScalars
    let word = scalars.drop { $0.properties.isWhitespace }.prefix { !$0.properties.isWhitespace }
    return String(String.UnicodeScalarView(word))
  }
}
