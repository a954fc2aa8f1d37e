import Testing
import TextLMTokenization

@Suite struct PassageTests {
  private static let shortest = 256 << 10
  private static let longestLine = 1 << 20

  private func lengths(_ text: String, chunk: Int = 1 << 16) throws -> [Int] {
    let reading = try Reading(Array(text.utf8), chunk: chunk)
    #expect(reading.text.utf8.elementsEqual(text.utf8))
    #expect(reading.startsDocument == reading.texts.indices.map { $0 == 0 })
    let lengths = reading.texts.map(\.utf8.count)
    #expect(UTF8Text(text).passageRanges.map(\.count) == lengths)
    return lengths
  }

  @Test func aPassageEndsWithTheFirstLineThatEndsLateEnough() throws {
    #expect(try lengths("") == [])
    #expect(try lengths("abc") == [3])
    let line = String(repeating: "x", count: 999) + "\n"
    let enough = (Self.shortest + 999) / 1000 * 1000
    #expect(
      try lengths(String(repeating: line, count: 600)) == [enough, enough, 600_000 - 2 * enough])
    let exact = String(repeating: "x", count: Self.shortest - 1) + "\n"
    #expect(try lengths(exact + "y") == [Self.shortest, 1])
  }

  @Test(arguments: [1 << 12, 1 << 16, 1 << 24])
  func longLinesAreCutBehindEachMebibyte(chunk: Int) throws {
    let line = String(repeating: "x", count: 5 << 19)
    #expect(
      try lengths(line + "\nrest", chunk: chunk)
        == [Self.longestLine, Self.longestLine, (1 << 19) + 1, 4])
    // The line's own start counts, and not that of the passage.
    #expect(
      try lengths("head\n" + line, chunk: chunk)
        == [Self.longestLine + 5, Self.longestLine, 1 << 19])
  }

  @Test(
    arguments: [
      ("e", "\u{301}\u{302}"), ("\u{1F468}", "\u{200D}\u{1F469}\u{200D}\u{1F467}"),
      ("\u{1112}", "\u{1161}\u{11AB}"), ("\r", "\n"), ("\u{1F1E9}", "\u{1F1EA}"),
    ])
  func clustersAreNotCut(first: String, rest: String) throws {
    let padding = String(repeating: "x", count: Self.longestLine - first.utf8.count)
    let text = padding + first + rest + "z" + String(repeating: "y", count: 10)
    let end = first == "\r" ? 2 + padding.utf8.count : (padding + first + rest).utf8.count
    for chunk in [1 << 16, (1 << 20) + 1, 1 << 24] {
      #expect(try lengths(text, chunk: chunk) == [end, text.utf8.count - end])
    }
  }

  @Test func marksWithoutEndAreCutInTheEnd() throws {
    let text = "e" + String(repeating: "\u{301}", count: 9 << 20)
    let lengths = try lengths(text, chunk: 1 << 20)
    #expect(lengths[0] <= 16 << 20 && lengths[0] > (16 << 20) - 4)
    #expect(lengths.count == 2)
  }
}
