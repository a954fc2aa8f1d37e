/// Text made harmless inside HTML and SVG.
enum MarkupText {
  /// The text with the five characters that mean something in markup, in quotes too, as entities,
  /// and control characters and direction overrides as pictures: what a corpus or a model wrote is
  /// shown and never obeyed.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in TerminalText.neutralized(text).unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      // No character of XML, and no character at all.
      case "\u{FFFE}", "\u{FFFF}": escaped += "\u{FFFD}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
