/// What a character is in a text, as far as a loss depends on it.
public enum CharacterClass: String, Sendable, CaseIterable {
  /// A letter that is no capital: small ones, and those of scripts without capitals.
  case letter = "letters"
  /// A capital.
  case upperCase = "capitals"
  /// A mark that belongs to the letter before it.
  case mark = "marks"
  /// A digit or another number.
  case digit = "digits"
  /// A space or tab.
  case space = "spaces"
  /// Punctuation.
  case punctuation = "punctuation"
  /// A symbol: of money, of mathematics, an emoji.
  case symbol = "symbols"
  /// A line feed, or another end of a line or paragraph.
  case lineEnd = "line ends"
  /// A control, invisible or unassigned character.
  case other = "others"

  /// The class of a scalar, from its general category in Unicode.
  public init(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "\n", "\r", "\u{B}", "\u{C}", "\u{85}", "\u{2028}", "\u{2029}": self = .lineEnd
    case "\t": self = .space
    default:
      switch scalar.properties.generalCategory {
      case .uppercaseLetter, .titlecaseLetter: self = .upperCase
      case .lowercaseLetter, .modifierLetter, .otherLetter: self = .letter
      case .nonspacingMark, .spacingMark, .enclosingMark: self = .mark
      case .decimalNumber, .letterNumber, .otherNumber: self = .digit
      case .spaceSeparator: self = .space
      case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
        .initialPunctuation, .finalPunctuation, .otherPunctuation:
        self = .punctuation
      case .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol: self = .symbol
      default: self = .other
      }
    }
  }

  /// Whether it is part of a word.
  var isInWord: Bool {
    switch self {
    case .letter, .upperCase, .mark, .digit: true
    default: false
    }
  }
}
