/// What a text must be like, from its first written character to its last.
public enum TextConstraint: Sendable {
  /// It has characters of a set only.
  case only(ScalarSet)
  /// It has no character of a set: a lipogram.
  case without(ScalarSet)
  /// Every word in it is one of these; between words there is anything that is no letter, mark or
  /// digit. A word in small letters may also begin with a capital or have capitals only.
  case words([String], source: String)
  /// The whole text matches a regular expression.
  case regex(String)
  /// It has a text in it.
  case including(String)

  /// What errors call it: the name of the option.
  var name: String {
    switch self {
    case .only: "--only"
    case .without: "--without"
    case .words: "--words"
    case .regex: "--regex"
    case .including: "--must-include"
    }
  }

  /// The pattern of the texts; `preparation` is done to what is taken literally, as to all text that
  /// the model reads.
  func pattern(_ preparation: TextPreparation) throws -> TextPattern {
    switch self {
    case .only(let set): return .any(of: ScalarRanges(set))
    case .without(let set): return .any(of: ScalarRanges(set).inverted)
    case .regex(let text): return try RegularExpression.pattern(text)
    case .including(let text): return .including(preparation.prepare(UTF8Text(text)))
    case .words(let words, let source):
      var forms: Set<[UInt8]> = []
      for word in words {
        for form in Self.forms(of: word, preparation) { forms.insert(form.bytes) }
      }
      forms.remove([])
      guard !forms.isEmpty else { throw ConstraintError.noWords(source: source) }
      let wordCharacters = ScalarRanges(try ScalarSet("[[:L:][:M:][:N:]]", option: "--words"))
      // In order, so that a list gives the same automaton every time.
      return .words(
        forms.sorted { $0.lexicographicallyPrecedes($1) }, wordCharacters: wordCharacters)
    }
  }

  /// How a word of a list may be written.
  static func forms(of word: String, _ preparation: TextPreparation) -> [UTF8Text] {
    let capitalized = word.prefix(1).uppercased() + word.dropFirst()
    let isSmall = word.utf8.elementsEqual(word.lowercased().utf8)
    return (isSmall ? [word, capitalized, word.uppercased()] : [word])
      .map { preparation.prepare(UTF8Text($0)) }
  }
}
