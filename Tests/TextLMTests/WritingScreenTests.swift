import Foundation
import TextLM
import Testing

@Suite("Writing together: the screen")
struct WritingScreenTests {
  /// A line without its colours.
  private func plain(_ line: String) -> String {
    line.replacing(/\u{1B}\[[0-9;]*m/, with: "")
  }

  private func desk(
    _ text: String, surprisals: [Double] = [], isColored: Bool = true
  ) -> WritingDesk {
    var desk = WritingDesk(text: text, path: "poem.txt", isColored: isColored)
    desk.propose(
      characters: [WritingSuggestion(text: "e", probability: 0.5)],
      words: [
        WritingSuggestion(text: " sea", probability: 0.25),
        WritingSuggestion(text: "\n", probability: 0.125),
      ], surprisals: surprisals)
    return desk
  }

  @Test("80 x 24: the text, its numbers, the suggestions and the keys")
  func whole() {
    let nats = [Double](repeating: 2 * log(2.0), count: 7)
    let screen = WritingScreen(desk("the\nsea", surprisals: nats), columns: 80, rows: 24)
    #expect(screen.lines.count == 24)
    #expect(plain(screen.lines[0]) == "the" && plain(screen.lines[1]) == "sea")
    #expect(screen.cursorRow == 1 && screen.cursorColumn == 3)
    #expect(screen.lines[19] == "-- temperature 0.8, 7 characters, 2.00 bits each, poem.txt --")
    #expect(screen.lines[20] == " 1 e 50% ")
    #expect(screen.lines[21].hasPrefix("[2 \u{2423}sea 25%]  3 \u{240A} 1"))
    #expect(screen.lines[23].contains("^S save"))
  }

  @Test(
    "Nothing is wider than the terminal or higher, whatever is in the text",
    arguments: [(80, 24), (24, 8), (40, 10), (200, 60), (10, 3), (1, 1), (23, 24)])
  func size(columns: Int, rows: Int) {
    let wide = String(repeating: "水é\u{1F600}\u{202E}\u{7}\t word", count: 60)
    var desk = desk(wide + "\n\n" + wide)
    _ = desk.handle(.control("x"))
    for key in [TerminalKey.escape, .control("s"), .text(wide)] {
      _ = desk.handle(key)
      let screen = WritingScreen(desk, columns: columns, rows: rows)
      #expect(screen.lines.count == rows)
      for line in screen.lines {
        #expect(TerminalColumns.count(plain(line)) <= columns, "\(line)")
        #expect(!plain(line).unicodeScalars.contains { $0.value < 0x20 })
      }
      #expect(screen.cursorRow < rows && screen.cursorColumn < columns)
    }
  }

  @Test("Long lines wrap, and the end of the text is what is seen")
  func wrapping() {
    let text = String(repeating: "abcdefghij", count: 40)
    let screen = WritingScreen(desk(text), columns: 40, rows: 10)
    // 39 characters a row, 5 rows: of the 11 rows the last five.
    #expect(screen.lines.prefix(5).map(\.count) == [39, 39, 39, 39, 10])
    #expect(screen.lines.prefix(5).joined() == text.suffix(4 * 39 + 10))
    #expect(screen.cursorRow == 4 && screen.cursorColumn == 10)
    let open = WritingScreen(desk("a\n"), columns: 40, rows: 10)
    #expect(open.cursorRow == 1 && open.cursorColumn == 0)
  }

  @Test("Colours follow the bits of each character, and can be switched off")
  func colors() {
    let bits = [0.1, 1, 2, 4, 9]
    var desk = desk("abcde", surprisals: bits.map { $0 * log(2.0) })
    func line() -> String { WritingScreen(desk, columns: 80, rows: 24).lines[0] }
    let colors = zip([246, 71, 178, 208, 196], "abcde").map { "\u{1B}[38;5;\($0)m\($1)" }
    #expect(line() == colors.joined() + "\u{1B}[0m")
    _ = desk.handle(.control("t"))
    #expect(line() == "abcde")
    var colorless = self.desk("abcde", surprisals: bits, isColored: false)
    _ = colorless.handle(.control("t"))
    #expect(colorless.message.hasPrefix("NO_COLOR"))
    let screen = WritingScreen(colorless, columns: 80, rows: 24)
    #expect(!screen.lines.joined().contains("\u{1B}"))
  }
}
