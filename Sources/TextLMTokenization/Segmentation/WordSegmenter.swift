/// One unit for each word, and one for what is between words: a space, a comma, a line's end.
///
/// Scripts without spaces, such as Thai and Chinese, are cut by ICU's dictionaries, which depend on
/// the version of ICU; `locale` selects its tailorings. A word of more than 256 scalars is cut
/// behind every 256.
///
/// A word by itself may fall into several: what a dictionary cuts depends on all of a run.
///
/// Reference: Unicode Standard Annex #29, with the tailorings of CLDR.
public struct WordSegmenter: Segmenter {
  /// `word`
  public static let name = "word"
  /// Sequences of scalars.
  public static let kind = UnitKind.sequence
  /// The most scalars of a unit.
  public static let longestUnit = 256

  /// The locale as it was given; empty for the rules of all languages.
  public let locale: String

  /// Makes the segmenter.
  ///
  /// - Throws: `TextError.unknownLocale`, `TextError.segmentationUnavailable`.
  public init(locale: String = "") throws(TextError) {
    if !locale.utf8.isEmpty { try ICUCaseMapper.check(locale: locale) }
    self.locale = locale
    _ = try breaker()
  }

  /// Gives the ends of the words.
  public func forEachBatch(
    of text: Span<UInt8>, _ body: (_ start: Int, _ ends: Span<Int>) -> Void
  ) {
    do {
      let breaker = try breaker()
      text.withUnsafeBufferPointer { bytes in
        breaker.setText(bytes)
        forEachBatch(of: text, body) { _, ends in breaker.appendEnds(to: &ends) }
      }
    } catch {
      preconditionFailure("words: \(error)")
    }
  }

  /// Whether the text is short enough for a unit.
  public func isUnit(_ text: UTF8Text) -> Bool {
    1...Self.longestUnit ~= text.characterCount
  }

  private func breaker() throws(TextError) -> ICUBreaker {
    try ICUBreaker(.words, locale: locale, longest: Self.longestUnit, unit: Self.name)
  }
}
