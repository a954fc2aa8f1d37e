extension TerminalText {
  /// A token in a place of its own: what has no shape as a sign that nearly every font has, and else as
  /// in a table.
  static func sign(of text: String) -> String {
    switch text {
    case " ": "␣"
    case "\n", "\r\n": "↵"
    case "\t": "⇥"
    default: visible(text)
    }
  }
}
