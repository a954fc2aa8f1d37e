/// A Unicode normalization form: which sequences of scalars count as the same text.
///
/// `nfc` makes é one scalar however it was typed, and is what most text already is. `nfkcCasefold`
/// also removes case and compatibility distinctions and default-ignorable characters: a model of
/// such text cannot write capitals.
///
/// Normalizing twice changes nothing more. Reference: Unicode Standard Annex #15.
public enum Normalizer: String, Sendable, Codable, CaseIterable {
  /// The text as it is.
  case none
  /// Canonical composition.
  case nfc
  /// Canonical decomposition.
  case nfd
  /// Compatibility composition.
  case nfkc
  /// Compatibility composition with case folded, for comparing and searching.
  case nfkcCasefold = "nfkc-casefold"

  /// The normalizer of this name.
  ///
  /// - Throws: `TextError.unknownNormalizer`.
  public init(named name: String) throws(TextError) {
    // By bytes: `String` equality would take other spellings of the same characters as well.
    guard let form = Self.allCases.first(where: { $0.rawValue.utf8.elementsEqual(name.utf8) })
    else {
      throw .unknownNormalizer(name: name, known: Self.allCases.map(\.rawValue))
    }
    self = form
  }

  /// Checks that ICU has its tables for this form, which `normalize` takes for granted.
  ///
  /// - Throws: `TextError.normalizationUnavailable`.
  public func checkAvailable() throws(TextError) {
    if let form = ICUNormalizer.form(self) {
      _ = try ICUNormalizer(form: form, name: rawValue)
    }
  }

  /// The normalized text.
  ///
  /// Text that is normalized already comes back without a copy. A stretch of 2^24 scalars without a
  /// place where normalization could start anew (combining marks, in practice) is normalized in
  /// parts of that length.
  ///
  /// - Complexity: Linear, for any text.
  /// - Precondition: ICU has the tables (`checkAvailable`, which every `Tokenizer` has called).
  public func normalize(_ text: UTF8Text) -> UTF8Text {
    var edits: [OffsetMap.Edit]?
    return normalize(text, recording: &edits)
  }

  /// The same, noting where the text changed unless `edits` is nil.
  func normalize(_ text: UTF8Text, recording edits: inout [OffsetMap.Edit]?) -> UTF8Text {
    guard let form = ICUNormalizer.form(self), !text.bytes.isEmpty else { return text }
    if text.hasOnlyBytes(below: firstChangingByte) { return text }
    do {
      var normalizer = try ICUNormalizer(form: form, name: rawValue)
      return try normalizer.normalize(text, recording: &edits)
    } catch {
      preconditionFailure("normalize: \(error)")
    }
  }

  /// Text of which every byte is below this one is normalized already.
  private var firstChangingByte: UInt8 {
    switch self {
    // Composition leaves everything below U+0300, whose bytes are CC 80.
    case .nfc: 0xCC
    case .nfd, .nfkc: 0x80
    case .nfkcCasefold, .none: 0
    }
  }
}
