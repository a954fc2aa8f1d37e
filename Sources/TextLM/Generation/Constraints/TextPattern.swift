/// What texts may look like, as a regular expression does.
indirect enum TextPattern: Sendable, Equatable {
  /// One scalar of a set.
  case scalar(ScalarRanges)
  /// One after another; none of them is the empty text.
  case sequence([TextPattern])
  /// Any of them; none of them is no text at all.
  case choice([TextPattern])
  /// So many times, or at least so many where there is no greatest number.
  case repeated(TextPattern, from: Int, to: Int?)
  /// One of many words.
  case word([[UInt8]])

  /// A text.
  static func text(_ text: UTF8Text) -> TextPattern {
    .sequence(text.scalars.map { .scalar(ScalarRanges([$0...$0])) })
  }

  /// Any number of scalars of a set.
  static func any(of scalars: ScalarRanges) -> TextPattern {
    .repeated(.scalar(scalars), from: 0, to: nil)
  }

  /// Any text that has another one in it.
  static func including(_ text: UTF8Text) -> TextPattern {
    .sequence([.any(of: .all), .text(text), .any(of: .all)])
  }

  /// Words with anything between them that is no word character, which the words may contain too.
  static func words(_ words: [[UInt8]], wordCharacters: ScalarRanges) -> TextPattern {
    let separator = TextPattern.scalar(wordCharacters.inverted)
    let separators = TextPattern.repeated(separator, from: 0, to: nil)
    let following = TextPattern.sequence([
      .repeated(separator, from: 1, to: nil), .word(words),
    ])
    return .sequence([
      separators,
      .repeated(
        .sequence([.word(words), .repeated(following, from: 0, to: nil), separators]), from: 0,
        to: 1),
    ])
  }
}
