#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a terminal of some size shows of a desk.
package struct WritingScreen: Sendable, Equatable {
  /// The least size that there is room in.
  package static let leastColumns = 24
  package static let leastRows = 8
  /// Rows below the text.
  private static let footRows = 5

  /// One line for each row, none wider than the terminal; colours are the only control sequences.
  package private(set) var lines: [String] = []
  /// Where the cursor is, from 0: behind the text, or behind the name that is typed.
  package private(set) var cursorRow = 0
  package private(set) var cursorColumn = 0

  private let columns: Int

  /// Draws a desk.
  package init(_ desk: WritingDesk, columns: Int, rows: Int) {
    self.columns = columns
    guard columns >= Self.leastColumns, rows >= Self.leastRows else {
      let note = cut("needs \(Self.leastColumns) x \(Self.leastRows)")
      lines = (0..<max(rows, 0)).map { $0 == 0 ? note : "" }
      return
    }
    let textRows = rows - Self.footRows
    let drawn = textLines(desk, rows: textRows)
    let shown = drawn.suffix(textRows)
    cursorRow = shown.count - 1
    lines = Array(shown) + [String](repeating: "", count: textRows - shown.count)
    lines.append(cut(status(desk)))
    lines.append(cut(list(desk.characters, from: 0, desk)))
    lines.append(cut(list(desk.words, from: desk.characters.count, desk)))
    switch desk.mode {
    case .writing:
      lines.append(
        cut(
          desk.message.isEmpty
            ? "Tab takes [ ]  ←→ choose  Alt-1.. takes one  ↑↓ temperature"
            : TerminalText.visible(desk.message)))
      lines.append(cut("^N sentence  ^Z undo  ^Y redo  ^T colours  ^S save  ^Q quit"))
    case .naming(let name):
      // The end of a long name is what is being typed.
      let prompt = "Save as: "
      var visible = TerminalText.visible(name)
      while TerminalColumns.count(prompt + visible) >= columns { visible.removeFirst() }
      lines.append(prompt + visible)
      lines.append(cut("Enter saves, Escape goes back"))
      cursorRow = rows - 2
      cursorColumn = TerminalColumns.count(prompt + visible)
    case .leaving:
      lines.append(cut("The text is not saved."))
      lines.append(cut("y quits without saving, s saves and quits, Escape goes back"))
    }
  }

  /// As much of a line as there is room for.
  private func cut(_ text: String) -> String {
    var (result, used) = ("", 0)
    for character in text {
      used += TerminalColumns.count(character)
      if used > columns { break }
      result.append(character)
    }
    return result
  }

  private func status(_ desk: WritingDesk) -> String {
    var parts = ["temperature \(Numbers.fixed(desk.temperature, 1))"]
    parts.append("\(Numbers.grouped(desk.text.count)) characters")
    if let percent = desk.readPercent { parts.append("reading: \(percent) %") }
    if !desk.surprisals.isEmpty {
      let bits = desk.surprisals.reduce(0, +) / Double(desk.surprisals.count) / log(2.0)
      parts.append("\(Numbers.fixed(bits, 2)) bits each")
    }
    let name = desk.path.map { TerminalText.visible($0) }
    if let name { parts.append(name) }
    if desk.isChanged { parts.append("not saved") }
    return "-- " + parts.joined(separator: ", ") + " --"
  }

  private func list(
    _ suggestions: [WritingSuggestion], from first: Int, _ desk: WritingDesk
  ) -> String {
    suggestions.enumerated().map { index, suggestion in
      let percent = Numbers.fixed(suggestion.probability * 100, 0)
      let text = Self.visible(suggestion.text)
      let entry = "\(first + index + 1) \(text) \(percent)%"
      return desk.selection == first + index ? "[\(entry)]" : " \(entry) "
    }.joined(separator: " ")
  }

  /// Spaces at the ends of a suggestion would not be seen.
  private static func visible(_ text: String) -> String {
    TerminalText.visible(text.replacing(" ", with: "\u{2423}"))
  }
}

/// The text in lines.
extension WritingScreen {
  /// The last lines of the text, as many rows at least as are shown if there are so many; sets the cursor's
  /// column behind the last.
  private mutating func textLines(_ desk: WritingDesk, rows: Int) -> [String] {
    let shown = Self.ending(of: desk.text, lineCount: rows)
    let costs =
      desk.showsSurprisal && !desk.surprisals.isEmpty
      ? desk.surprisals.suffix(shown.count) : []
    var lines: [String] = []
    var (line, used) = ("", 0)
    var color: Int?
    func endLine() {
      lines.append(color == nil ? line : line + "\u{1B}[0m")
      (line, used, color) = ("", 0, nil)
    }
    for (offset, character) in shown.enumerated() {
      let index = costs.startIndex + offset
      if character.isNewline {
        endLine()
        continue
      }
      let shown = TerminalText.visible(String(character))
      let width = TerminalColumns.count(shown)
      // A column stays free for the cursor.
      if used + width >= columns { endLine() }
      let wanted = costs.indices.contains(index) ? Self.color(costs[index]) : nil
      if wanted != color {
        line += wanted.map { "\u{1B}[38;5;\($0)m" } ?? "\u{1B}[0m"
        color = wanted
      }
      line += shown
      used += width
    }
    cursorColumn = used
    endLine()
    return lines
  }

  /// The last lines of a text: what is above them is not seen, and there may be much of it.
  private static func ending(of text: String, lineCount: Int) -> Substring {
    var rest = text[...]
    for _ in 0..<lineCount {
      guard let end = rest.lastIndex(where: \.isNewline) else { return text[...] }
      rest = rest[..<end]
    }
    return text[rest.endIndex...].dropFirst()
  }

  /// The number of a colour among 256 for what a character cost: grey, green, yellow, orange, red.
  private static func color(_ nats: Double) -> Int {
    switch nats / log(2.0) {
    case ..<0.5: 246
    case ..<1.5: 71
    case ..<3: 178
    case ..<5: 208
    default: 196
    }
  }
}
