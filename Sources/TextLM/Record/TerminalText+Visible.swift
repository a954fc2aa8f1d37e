extension TerminalText {
  /// The text in one column of a table: line ends and tabs are pictures too.
  package static func visible(_ text: String) -> String {
    var shown = ""
    for scalar in neutralized(text).unicodeScalars {
      switch scalar {
      case "\n": shown += "\u{240A}"
      case "\t": shown += "\u{2409}"
      default: shown.unicodeScalars.append(scalar)
      }
    }
    return shown
  }
}
