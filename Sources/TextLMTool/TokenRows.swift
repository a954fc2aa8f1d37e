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

  /// Bytes that are written at once, about.
  private static let portion = 1 << 16

  private let tokenizer: Tokenizer
  private let style: Style
  /// What all JSON rows begin with.
  private let head: [UInt8]
  /// The part of a row that depends on the token alone, once it was needed.
  private var parts: [[UInt8]?]
  /// Whether a token ends a line of the text.
  private let endsLine: [Bool]
  private var index = 0
  private var isInLine = false
  private var output: [UInt8] = []

  /// Rows of a document of this name.
  init(tokenizer: Tokenizer, document: String, style: Style) throws {
    self.tokenizer = tokenizer
    self.style = style
    head = Array("{\"document\":\(try JSONValue(document).text()),\"index\":".utf8)
    let count = tokenizer.vocabulary.count
    parts = Array(repeating: nil, count: count)
    endsLine = (0..<count).map { tokenizer.endsLine(TokenID($0)) }
  }

  /// Adds the boundary in front of a document that begins at a byte.
  mutating func addBoundary(at offset: Int) throws {
    try add(Vocabulary.boundary, offset..<offset)
  }

  /// Adds the tokens of a part of a text; `place` gives the bytes of the file for those of the part,
  /// and the ranges are needed for JSON alone.
  mutating func add(_ located: LocatedTokens, place: (Range<Int>) -> Range<Int>) throws {
    for (index, token) in located.tokens.enumerated() {
      try add(token, style == .json ? place(located.ranges[index]) : 0..<0)
    }
  }

  /// Ends the last line and writes what is left.
  mutating func finish() throws {
    if isInLine { output.append(UInt8(ascii: "\n")) }
    isInLine = false
    try flush()
  }

  private mutating func add(_ token: TokenID, _ range: Range<Int>) throws {
    switch style {
    case .text:
      try appendPart(of: token)
    case .ids:
      if isInLine { output.append(UInt8(ascii: " ")) }
      try appendPart(of: token)
      isInLine = !endsLine[Int(token)]
      if !isInLine { output.append(UInt8(ascii: "\n")) }
    case .json:
      output += head
      output += String(index).utf8
      try appendPart(of: token)
      output += String(range.lowerBound).utf8
      output += ",\"end\":".utf8
      output += String(range.upperBound).utf8
      output += "}\n".utf8
    }
    index += 1
    if output.count >= Self.portion { try flush() }
  }

  private mutating func appendPart(of token: TokenID) throws {
    if let part = parts[Int(token)] {
      output += part
      return
    }
    let text = tokenizer.text(of: token)
    let part =
      switch style {
      case .text:
        token == Vocabulary.boundary ? "<boundary>\n" : TerminalText.visible(text) + "\n"
      case .ids: String(token)
      case .json: ",\"token\":\(token),\"text\":\(try JSONValue(text).text()),\"start\":"
      }
    parts[Int(token)] = Array(part.utf8)
    output += part.utf8
  }

  private mutating func flush() throws {
    try Console.standardOutput(String(decoding: output, as: UTF8.self))
    output.removeAll(keepingCapacity: true)
  }
}

extension Tokenizer {
  /// Whether a token is or ends with a line feed.
  fileprivate func endsLine(_ token: TokenID) -> Bool {
    switch vocabulary.kind(of: token) {
    case .unit(let text): text.bytes.last == UInt8(ascii: "\n")
    case .byte(let byte): byte == UInt8(ascii: "\n")
    case .boundary, .unknown: false
    }
  }
}
