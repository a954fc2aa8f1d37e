import TextLM
import TextLMTestSupport
import Testing

@Suite("Loss by kind and place of characters")
struct LossBreakdownTests {
  @Test(
    "kinds of characters",
    arguments: [
      ("a", CharacterClass.letter), ("日", .letter), ("Ä", .upperCase), ("ǅ", .upperCase),
      ("\u{301}", .mark), ("7", .digit), ("Ⅷ", .digit), (" ", .space), ("\t", .space),
      ("\u{A0}", .space), ("\n", .lineEnd), ("\r", .lineEnd), ("\u{2028}", .lineEnd),
      (".", .punctuation), ("«", .punctuation), ("€", .symbol), ("😀", .symbol), ("\u{1}", .other),
      ("\u{E000}", .other),
    ])
  func classes(text: String, kind: CharacterClass) throws {
    #expect(CharacterClass(try #require(text.unicodeScalars.first)) == kind)
  }

  @Test("Every table has every token once, in the groups that the text says")
  func tables() throws {
    let model = try TestModel().model
    let text = UTF8Text("The sea, 1 ab\nof grey.\n")
    let breakdown = try model.lossBreakdown([text], precision: .float32)
    let scores = model.scoreTokens(text, precision: .float32)
    #expect(breakdown.tokenCount == 23)
    #expect(breakdown.tables.map(\.name) == ["class", "in line", "in word", "in document"])
    for table in breakdown.tables {
      #expect(table.groups.reduce(0) { $0 + $1.tokenCount } == 23)
      expectClose(
        table.groups.reduce(0) { $0 + $1.nats }, scores.reduce(0) { $0 + $1.nats },
        tolerance: 1e-9, table.name)
    }
    func counts(_ table: Int) -> [String] {
      breakdown.tables[table].groups.map { "\($0.name): \($0.tokenCount)" }
    }
    #expect(
      counts(0) == [
        "letters: 13", "capitals: 1", "digits: 1", "spaces: 4", "punctuation: 2", "line ends: 2",
      ])
    // Lines of 14 and 9 characters with their ends.
    #expect(counts(1) == ["1: 2", "2: 2", "3: 2", "4: 2", "5 to 8: 8", "9 to 16: 7"])
    // The, sea, 1, ab, of, grey.
    #expect(counts(2) == ["between words: 8", "1: 6", "2: 5", "3: 3", "4: 1"])
    #expect(counts(3) == ["1: 1", "2: 1", "3 to 4: 2", "5 to 8: 4", "9 to 16: 8", "17 to 32: 7"])
    // The two line ends, at bytes 13 and 22.
    let ends = scores.filter { [13, 22].contains($0.range.lowerBound) }.reduce(0) { $0 + $1.nats }
    expectClose(breakdown.tables[0].groups[5].nats, ends, tolerance: 1e-9, "line ends")
  }

  @Test("Several scripts have a table, and bytes count with their character")
  func scripts() throws {
    let model = try TestModel(maximumUnitCount: 5).model
    let text = UTF8Text("а я a")
    let breakdown = try model.lossBreakdown([text, UTF8Text("b")])
    let groups = try #require(breakdown.tables.first { $0.name == "script" }).groups
    let byteCount = model.tokenizer.encode("а").count
    #expect(byteCount == 2)
    #expect(groups.map(\.name) == ["Cyrillic", "Common", "Latin"])
    #expect(groups.map(\.tokenCount) == [4, 2, 2])
    // Documents begin anew.
    let first = try #require(breakdown.tables.last?.groups.first)
    #expect(first.name == "1" && first.tokenCount == 2 + model.tokenizer.encode("b").count)
    #expect(throws: ScoringError.empty(index: 1)) {
      try model.lossBreakdown([text, UTF8Text("")])
    }
    let page = breakdown.html(title: "<b>")
    #expect(page.contains("&lt;b&gt;") && page.contains("<td>Cyrillic</td>"))
  }
}
