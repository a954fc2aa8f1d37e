import TextLM

/// Writes the tokens of a document for people or for programs, a portion at a time.
struct TokenRows {
  /// What a token looks like.
  enum Style {
    /// Its text on a line, visible.
    case text
    /// Its number, behind others on a line for each line of the text.
    case ids
    /// An object on a line.
    case json
  }

  private let tokenizer: Tokenizer
  private let document: String
  private let style: Style
  private var index = 0
  /// Whether a line of numbers has begun.
  private var isInLine = false

  /// Rows of a document of this name.
  init(tokenizer: Tokenizer, document: String, style: Style) {
    self.tokenizer = tokenizer
    self.document = document
    self.style = style
  }

  /// The row of the boundary in front of a document that begins at a byte.
  mutating func boundary(at offset: Int) throws -> String {
    try row(Vocabulary.boundary, offset..<offset)
  }

  /// The rows of a part of a text; `place` gives the bytes of the file for those of
  /// the part, and the ranges are needed for JSON alone.
  mutating func rows(
    of located: LocatedTokens, place: (Range<Int>) -> Range<Int>
  ) throws -> String {
    var rows = ""
    for (index, token) in located.tokens.enumerated() {
      rows += try row(token, style == .json ? place(located.ranges[index]) : 0..<0)
    }
    return rows
  }

  /// What ends the last line.
  mutating func end() -> String {
    defer { isInLine = false }
    return isInLine ? "\n" : ""
  }

  private mutating func row(_ token: TokenID, _ range: Range<Int>) throws -> String {
    defer { index += 1 }
    switch style {
    case .text:
      guard token != Vocabulary.boundary else { return "<boundary>\n" }
      return TerminalText.visible(tokenizer.text(of: token)) + "\n"
    case .ids:
      let separator = isInLine ? " " : ""
      isInLine = !endsLine(token)
      return separator + "\(token)" + (isInLine ? "" : "\n")
    case .json:
      let row: JSONValue = [
        "document": JSONValue(document), "index": JSONValue(index), "token": JSONValue(Int(token)),
        "text": JSONValue(tokenizer.text(of: token)), "start": JSONValue(range.lowerBound),
        "end": JSONValue(range.upperBound),
      ]
      return try row.text() + "\n"
    }
  }

  private func endsLine(_ token: TokenID) -> Bool {
    switch tokenizer.vocabulary.kind(of: token) {
    case .unit(let text): text.bytes.last == UInt8(ascii: "\n")
    case .byte(let byte): byte == UInt8(ascii: "\n")
    case .boundary, .unknown: false
    }
  }
}
