/// A preparation of text in plain types, as it is stored and as it is asked for.
public struct TextPreparationDescription: Sendable {
  /// The name of the normalization form, such as `nfc`.
  public var normalizer: String
  /// The name of the rule for line ends, such as `keep`.
  public var newlines: String
  /// The name of the mapping of case, such as `keep`.
  public var caseMapping: String
  /// The BCP 47 tag of a language; empty for none.
  public var locale: String
  /// Identifiers or rules of transliteration.
  public var transliteration: String?
  /// The pattern of the characters that stay.
  public var kept: String?
  /// The pattern of the characters that do not.
  public var dropped: String?

  /// Takes values as they were read; nothing is checked before a `TextPreparation` is made of them.
  /// What is left out does nothing.
  public init(
    normalizer: String = Normalizer.nfc.rawValue, newlines: String = NewlineRule.keep.rawValue,
    caseMapping: String = CaseMapping.keep.rawValue, locale: String = "",
    transliteration: String? = nil, kept: String? = nil, dropped: String? = nil
  ) {
    self.normalizer = normalizer
    self.newlines = newlines
    self.caseMapping = caseMapping
    self.locale = locale
    self.transliteration = transliteration
    self.kept = kept
    self.dropped = dropped
  }
}

extension TextPreparationDescription: Equatable {
  /// Whether both say the same, scalar by scalar, which `String` does not compare.
  public static func == (
    left: TextPreparationDescription, right: TextPreparationDescription
  ) -> Bool {
    left.fields.elementsEqual(right.fields) { left, right in
      left.map { Array($0.utf8) } == right.map { Array($0.utf8) }
    }
  }

  private var fields: [String?] {
    [normalizer, newlines, caseMapping, locale, transliteration, kept, dropped]
  }
}
