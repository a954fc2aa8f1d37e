/// How many columns of a terminal a text takes.
///
/// A character of East Asian width wide or fullwidth (Unicode Standard Annex 11), or one that is shown as
/// an emoji, takes two columns, one that joins another or is invisible none, and all others one. Terminals
/// do not agree on clusters of several emoji; here such a cluster takes two columns.
public struct DisplayWidth: Sendable {
  private let wide: ScalarSet
  private let empty: ScalarSet

  /// Takes the widths from ICU's tables. Throws `TextError` where they are missing.
  public init() throws(TextError) {
    wide = try ScalarSet(
      "[[:East_Asian_Width=Wide:][:East_Asian_Width=Fullwidth:]]", option: "the width of characters"
    )
    empty = try ScalarSet("[[:Mn:][:Me:][:Cf:]-[\\u00AD]]", option: "the width of characters")
  }

  /// The columns of a text without line ends and tabs.
  public func columns(of text: String) -> Int {
    text.reduce(0) { $0 + columns(of: $1) }
  }

  private func columns(of character: Character) -> Int {
    var width = 0
    for scalar in character.unicodeScalars {
      // The variation selector that asks for an emoji.
      if scalar == "\u{FE0F}" || wide.contains(scalar.value) { return 2 }
      if !empty.contains(scalar.value) { width = 1 }
    }
    return width
  }

  /// The text as it can stand alone: a mark that would join what is before it gets a dotted circle to
  /// stand on, and what is invisible its code point.
  public func standingAlone(_ text: String) -> String {
    guard let first = text.unicodeScalars.first, !text.isEmpty else { return "" }
    guard empty.contains(first.value) else { return text }
    switch first.properties.generalCategory {
    case .format: return "⟨\(CharacterInfo(first).codePoint)⟩"
    default: return "\u{25CC}" + text
    }
  }
}
