/// What is done to a text before it is cut into units, in this order: line ends, normalization,
/// case, transliteration, the characters that stay, and normalization again where anything came
/// between.
///
/// It is stored with a model and done to every text that the model reads. Nothing that is text makes
/// it fail.
public struct TextPreparation: Sendable {
  /// What is done to CR and CRLF.
  public let newlines: NewlineRule
  /// The normalization form.
  public let normalizer: Normalizer
  /// What is done to capitals.
  public let caseMapping: CaseMapping
  /// The BCP 47 tag of the language whose rules for case and words are followed; empty for none.
  public let locale: String
  /// The rules that write text in other letters.
  public let transliteration: Transliteration?
  /// The only characters that stay.
  public let kept: ScalarSet?
  /// Characters that do not stay.
  public let dropped: ScalarSet?

  /// A preparation that normalizes and does nothing else.
  public init(_ normalizer: Normalizer = .nfc) {
    self.normalizer = normalizer
    newlines = .keep
    caseMapping = .keep
    locale = ""
    transliteration = nil
    kept = nil
    dropped = nil
  }

  /// Makes the preparation of a description, which may come from anywhere.
  ///
  /// - Throws: `TextError` for a name that does not exist and for rules and patterns that cannot be
  ///   read, and `TextError.normalizationUnavailable`.
  public init(_ description: TextPreparationDescription) throws(TextError) {
    newlines = try NewlineRule(named: description.newlines)
    normalizer = try Normalizer(named: description.normalizer)
    caseMapping = try CaseMapping(named: description.caseMapping)
    locale = description.locale
    if !locale.utf8.isEmpty { try ICUCaseMapper.check(locale: locale) }
    if let rules = description.transliteration {
      transliteration = try Transliteration(rules)
    } else {
      transliteration = nil
    }
    kept = try Self.set(description.kept, option: "the set to keep")
    dropped = try Self.set(description.dropped, option: "the set to drop")
    try checkAvailable()
  }

  private static func set(_ pattern: String?, option: String) throws(TextError) -> ScalarSet? {
    guard let pattern else { return nil }
    return try ScalarSet(pattern, option: option)
  }

  /// Checks that ICU has its tables, which `prepare` takes for granted.
  ///
  /// - Throws: `TextError.normalizationUnavailable`, `TextError.unicodeFailure`.
  public func checkAvailable() throws(TextError) {
    try normalizer.checkAvailable()
    if let number = ICUCaseMapper.number(caseMapping) {
      _ = try ICUCaseMapper(number: number, locale: locale)
    }
  }

  /// This preparation in plain types.
  public var description: TextPreparationDescription {
    TextPreparationDescription(
      normalizer: normalizer.rawValue, newlines: newlines.rawValue,
      caseMapping: caseMapping.rawValue, locale: locale, transliteration: transliteration?.rules,
      kept: kept?.pattern, dropped: dropped?.pattern)
  }
}

extension TextPreparation: Equatable {
  /// Whether both were described in the same words.
  public static func == (left: TextPreparation, right: TextPreparation) -> Bool {
    left.description == right.description
  }
}
