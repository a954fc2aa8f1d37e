/// Draws a shaded text for a terminal.
///
/// Each piece is a column as wide as its widest row: the piece itself on a coloured ground and its notes
/// beneath it. Without colours a row of digits, and of letters for what is below zero, takes their place.
/// Lines break where the text's lines end and where the terminal does. Control characters are shown as
/// pictures, so that a text cannot give orders to the terminal.
public struct ShadedTextScreen: Sendable {
  /// The width of the screen.
  public let columns: Int
  /// Whether colours are used: those of the 256 that are alike in all terminals.
  public let isColored: Bool
  private let width: DisplayWidth

  /// A way to draw, on 20 columns at least. Throws `TextError` where ICU lacks its tables.
  public init(columns: Int = 80, isColored: Bool) throws(TextError) {
    self.columns = max(20, columns)
    self.isColored = isColored
    width = try DisplayWidth()
  }

  /// The text as lines, each with its end.
  public func text(_ shaded: ShadedText) -> String {
    var output = ""
    var row: [Column] = []
    var used = 0
    for piece in shaded.pieces {
      let column = Column(piece, width)
      if used + column.width > columns, !row.isEmpty {
        output += lines(row)
        (row, used) = ([], 0)
      }
      row.append(column)
      used += column.width
      if piece.endsLine {
        output += lines(row)
        (row, used) = ([], 0)
      }
    }
    return row.isEmpty ? output : output + lines(row)
  }

  /// A piece with its notes, all in the same columns.
  private struct Column {
    let text: String
    let shade: Int
    let notes: [(text: String, isActual: Bool)]
    let width: Int

    init(_ piece: ShadedText.Piece, _ width: DisplayWidth) {
      func shown(_ text: String) -> String { width.standingAlone(TerminalText.visible(text)) }
      text = shown(piece.text)
      shade = piece.shade
      notes = piece.notes.map { (shown($0.text), $0.isActual) }
      self.width = notes.reduce(max(1, width.columns(of: text))) {
        max($0, width.columns(of: $1.text))
      }
    }
  }

  private func lines(_ row: [Column]) -> String {
    var lines = [joined(row) { painted($0.text, $0.width, code: Self.ground($0.shade)) }]
    if !isColored { lines.append(joined(row) { padded(Self.mark($0.shade), $0.width) }) }
    let depth = row.reduce(0) { max($0, $1.notes.count) }
    for index in 0..<depth {
      lines.append(
        joined(row) { column in
          guard index < column.notes.count else { return padded("", column.width) }
          let note = column.notes[index]
          return painted(note.text, column.width, code: note.isActual ? "1" : "2")
        })
    }
    // A blank line parts what belongs together.
    return lines.joined() + (lines.count > 1 ? "\n" : "")
  }

  private func joined(_ row: [Column], _ cell: (Column) -> String) -> String {
    let line = row.map(cell).joined()
    guard !isColored else { return line + "\n" }
    return String(line.reversed().drop { $0 == " " }.reversed()) + "\n"
  }

  private func padded(_ text: String, _ columns: Int) -> String {
    text + String(repeating: " ", count: max(0, columns - width.columns(of: text)))
  }

  private func painted(_ text: String, _ columns: Int, code: String?) -> String {
    guard isColored, let code else { return padded(text, columns) }
    return "\u{1B}[\(code)m\(padded(text, columns))\u{1B}[0m"
  }

  /// Black on a ground from pale yellow to red, or to blue below zero; nil for the terminal's own.
  private static func ground(_ shade: Int) -> String? {
    let above = [230, 229, 228, 222, 221, 215, 214, 208, 202]
    let below = [195, 159, 153, 123, 117, 111, 81, 75, 69]
    guard shade != 0 else { return nil }
    return "38;5;16;48;5;\(shade > 0 ? above[shade - 1] : below[-shade - 1])"
  }

  /// Nothing for 0, a digit above, a letter below.
  private static func mark(_ shade: Int) -> String {
    switch shade {
    case 0: " "
    case 1...: "\(shade)"
    default: String(UnicodeScalar(UInt8(ascii: "a") + UInt8(-shade - 1)))
    }
  }
}
