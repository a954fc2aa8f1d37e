extension TerminalText {
  /// A text of 60 characters at most as it is, and of a longer one 60 around a place, with … for what
  /// is left out.
  ///
  /// `offset` counts scalars from 0, and may lie behind the last.
  package static func excerpt(of text: String, around offset: Int = 0) -> String {
    let length = 60
    let scalars = text.unicodeScalars
    let count = scalars.count
    guard count > length else { return text }
    let first = min(max(0, offset - length / 2), count - length)
    let start = scalars.index(scalars.startIndex, offsetBy: first)
    let end = scalars.index(start, offsetBy: length)
    return (first > 0 ? "…" : "") + String(scalars[start..<end])
      + (first + length < count ? "…" : "")
  }
}
