/// Something about the characters of a text that a unit may stand for.
public enum UnitFeature: Sendable, Equatable, CustomStringConvertible {
  /// 1 inside quotation marks, from the opening mark to the character before the closing one: "…", “…”,
  /// „…“ or «…». A blank line ends a quotation that was left open.
  case quotes
  /// How many characters of its line were read, 0 at the line's end.
  case lineLength
  /// 1 at the first letter, mark or digit of a word.
  case wordStart
  /// 1 within matches of a regular expression, of which each is as long as it can be.
  case pattern(String)

  /// The feature of a name: `quotes`, `line-length`, `word-start`, or else a regular expression.
  public init(_ name: String) {
    switch name {
    case "quotes": self = .quotes
    case "line-length": self = .lineLength
    case "word-start": self = .wordStart
    default: self = .pattern(name)
    }
  }

  /// What `init(_:)` takes.
  public var description: String {
    switch self {
    case .quotes: "quotes"
    case .lineLength: "line-length"
    case .wordStart: "word-start"
    case .pattern(let text): text
    }
  }

  /// Its value at each byte of a text, that of the character which the byte belongs to.
  ///
  /// Throws `ConstraintError` for a regular expression that cannot be read.
  package func values(of text: UTF8Text) throws(ConstraintError) -> [Float] {
    switch self {
    case .pattern(let pattern):
      return Self.matches(
        of: try ByteAutomaton(try RegularExpression.pattern(pattern)), in: text.bytes)
    case .quotes:
      var closers: [Unicode.Scalar] = []
      var previous: Unicode.Scalar?
      return Self.perByte(text) { scalar in
        defer { previous = scalar }
        if scalar == "\n", previous == "\n" { closers = [] }
        if closers.contains(scalar) {
          closers = []
        } else if closers.isEmpty {
          closers = Self.closers(of: scalar)
        }
        return closers.isEmpty ? 0 : 1
      }
    case .lineLength:
      var length: Float = 0
      return Self.perByte(text) { scalar in
        length = CharacterClass(scalar) == .lineEnd ? 0 : length + 1
        return length
      }
    case .wordStart:
      var wasInWord = false
      return Self.perByte(text) { scalar in
        let isInWord = CharacterClass(scalar).isInWord
        defer { wasInWord = isInWord }
        return isInWord && !wasInWord ? 1 : 0
      }
    }
  }

  private static func closers(of opener: Unicode.Scalar) -> [Unicode.Scalar] {
    switch opener {
    case "\"": ["\""]
    case "\u{201C}": ["\u{201D}"]
    // German closes with the mark that opens in English, others with the closing one.
    case "\u{201E}": ["\u{201C}", "\u{201D}"]
    case "\u{AB}": ["\u{BB}"]
    default: []
    }
  }

  private static func perByte(
    _ text: UTF8Text, _ value: (Unicode.Scalar) -> Float
  ) -> [Float] {
    text.string.unicodeScalars.flatMap { scalar in
      [Float](repeating: value(scalar), count: UTF8.width(scalar))
    }
  }

  /// Matches from left to right that do not overlap; empty ones are none.
  ///
  /// Takes the square of the text's length where a match could go on to its end without ever being whole.
  private static func matches(of automaton: ByteAutomaton, in bytes: [UInt8]) -> [Float] {
    var values = [Float](repeating: 0, count: bytes.count)
    var start = 0
    while start < bytes.count {
      var (state, end, place) = (automaton.start, start, start)
      while place < bytes.count {
        state = automaton.next(state, bytes[place])
        guard state != ByteAutomaton.dead else { break }
        place += 1
        if automaton.isAccepting[Int(state)] { end = place }
      }
      for index in start..<end { values[index] = 1 }
      start = max(end, start + 1)
    }
    return values
  }
}
