import TextLM
import Testing

@Suite("Tables: rows and fields by RFC 4180")
struct DelimitedReaderTests {
  private static let comma = DelimitedDialect(delimiter: DelimitedDialect.comma)

  /// The rows of a text that comes in portions of so many bytes.
  private func rows(
    _ text: String, portion: Int = 1 << 20, _ dialect: DelimitedDialect = comma,
    rowByteLimit: Int = DelimitedReader.rowByteLimit
  ) -> [DelimitedRow] {
    var reader = DelimitedReader(dialect, rowByteLimit: rowByteLimit)
    let bytes = Array(text.utf8)
    var rows: [DelimitedRow] = []
    for start in stride(from: 0, to: bytes.count, by: portion) {
      rows += reader.rows(in: bytes[start..<min(start + portion, bytes.count)])
    }
    return rows + [reader.lastRow()].compactMap { $0 }
  }

  @Test(
    "Fields of one row",
    arguments: [
      ("a,b,c", ["a", "b", "c"]),
      ("a,b,c\n", ["a", "b", "c"]),
      ("a,b,c\r\n", ["a", "b", "c"]),
      ("a,b,c\r", ["a", "b", "c"]),
      ("a,,", ["a", "", ""]),
      (",", ["", ""]),
      ("\"a\",\"b,c\"", ["a", "b,c"]),
      ("\"a\"\"b\",\"\"\"\"", ["a\"b", "\""]),
      ("\"a\r\nb\",\"\n\"\r\n", ["a\r\nb", "\n"]),
      ("a\"b\",c", ["a\"b\"", "c"]),
      (" \"a\",b", [" \"a\"", "b"]),
      ("a\rb,c", ["a\rb", "c"]),
      ("\"\"", [""]),
      ("\u{0},é\u{0}", ["\u{0}", "é\u{0}"]),
      ("🙂,\"e\u{301},\"\n", ["🙂", "e\u{301},"]),
    ])
  func fields(text: String, expected: [String]) {
    for portion in [1, 2, 3, 100] {
      let found = rows(text, portion: portion)
      #expect(found.map(\.fields) == [expected] && found[0].problem == nil, "\(portion)")
      #expect(found[0].line == 1)
    }
  }

  @Test("Rows begin in the line they are said to, and empty lines are none")
  func lines() {
    let text = "a,b\n\n\r\n\"c\n\nd\",e\r\nf,g\n"
    for portion in [1, 2, 5, 100] {
      let found = rows(text, portion: portion)
      #expect(found.map(\.line) == [1, 4, 7])
      #expect(found.map(\.fields) == [["a", "b"], ["c\n\nd", "e"], ["f", "g"]])
    }
  }

  @Test("Broken quotes cost the row up to its line end, in any portions")
  func brokenQuotes() {
    let text = "\"a\"b,c\n\"d\n\"e,f\ng,\"h\"\rx\ni,\"j\"\r\n"
    for portion in [1, 3, 100] {
      let found = rows(text, portion: portion)
      #expect(found.map(\.line) == [1, 2, 4, 5])
      #expect(found.map(\.problem) == [.brokenQuotes, .brokenQuotes, .brokenQuotes, nil])
      #expect(found.last?.fields == ["i", "j"])
    }
  }

  @Test("An unclosed quote is told with the line it begins in and the lines it took")
  func unclosedQuote() {
    let found = rows("a,b\nc,\"d\ne,f\ng,h\n")
    #expect(found.map(\.line) == [1, 2])
    #expect(found.last?.problem == .unclosedQuote(lineCount: 2))
    #expect(rows("\"").map(\.problem) == [.unclosedQuote(lineCount: 0)])
  }

  @Test("Random tables are the same in any portions, and writing fields gives them back")
  func randomTables() {
    var random = RandomSource(seed: 1)
    let letters = Array("ab,,\"\"\n\r \u{0}é".unicodeScalars)
    func draw(_ length: Int) -> String {
      var text = String.UnicodeScalarView()
      for _ in 0..<length { text.append(letters[random.nextInt(below: letters.count)]) }
      return String(text)
    }
    for _ in 0..<300 {
      let text = draw(random.nextInt(below: 40))
      let whole = rows(text)
      for portion in 1...3 {
        let found = rows(text, portion: portion)
        #expect(found.map(\.fields) == whole.map(\.fields))
        #expect(found.map(\.line) == whole.map(\.line))
        #expect(found.map(\.problem) == whole.map(\.problem))
      }
      let table = (0..<3).map { _ in (0..<2).map { _ in draw(random.nextInt(below: 8)) } }
      let written = table.map { row in
        row.map { field in
          "\""
            + field.split(separator: "\"", omittingEmptySubsequences: false)
            .joined(separator: "\"\"") + "\""
        }.joined(separator: ",") + "\r\n"
      }.joined()
      let read = rows(written, portion: 1 + random.nextInt(below: 9)).map(\.fields)
      #expect(read.map { $0.map { Array($0.utf8) } } == table.map { $0.map { Array($0.utf8) } })
    }
  }

  @Test("Without quotes a quote is a character like any other")
  func withoutQuotes() {
    let dialect = DelimitedDialect(delimiter: DelimitedDialect.tab, hasQuotes: false)
    #expect(
      rows("\"a\t\"b\"\n\"\tc", dialect).map(\.fields) == [["\"a", "\"b\""], ["\"", "c"]])
  }

  @Test("A row that is too long is left out, and the next one is read")
  func longRows() {
    let text = "abcdefgh,i\na,b\n\"abc\ndefgh\",i\nc,d\n"
    for portion in [1, 4, 100] {
      let found = rows(text, portion: portion, rowByteLimit: 8)
      #expect(found.map(\.line) == [1, 2, 3, 5])
      #expect(found.map(\.problem) == [.tooLong(limit: 8), nil, .tooLong(limit: 8), nil])
    }
    let many = rows(String(repeating: ",", count: DelimitedReader.fieldLimit) + "\na,b")
    #expect(many.map(\.problem) == [.tooManyFields(limit: DelimitedReader.fieldLimit), nil])
  }

  @Test("A hundred megabytes with an unclosed quote in the last row are read once")
  func largeFile() {
    var reader = DelimitedReader(Self.comma)
    let row = Array("1,\"\(String(repeating: "some words, ", count: 87_381))\"\n".utf8)
    for _ in 0..<100 {
      #expect(reader.rows(in: row).count == 1)
    }
    #expect(reader.rows(in: Array("0,\"never closed\n".utf8)).isEmpty)
    let last = reader.lastRow()
    #expect(last?.line == 101 && last?.problem == .unclosedQuote(lineCount: 0))
  }

  @Test("A quoted field over a hundred megabytes takes the memory of the limit")
  func endlessField() {
    var reader = DelimitedReader(Self.comma, rowByteLimit: 1 << 20)
    let line = [UInt8](repeating: UInt8(ascii: "x"), count: (1 << 20) - 1) + [UInt8(ascii: "\n")]
    #expect(reader.rows(in: Array("1,\"".utf8)).isEmpty)
    for _ in 0..<100 { #expect(reader.rows(in: line).isEmpty) }
    let rows = reader.rows(in: Array("\"\n2,a\n".utf8))
    #expect(rows.map(\.problem) == [.tooLong(limit: 1 << 20), nil])
    #expect(rows.map(\.line) == [1, 102])
  }

  @Test(
    "The delimiter that fits best",
    arguments: [
      ("a,b\nc,d\n", DelimitedDialect.comma),
      ("a;b\n1,5;d\n", DelimitedDialect.semicolon),
      ("a\tb\nx, y\tz\n", DelimitedDialect.tab),
      ("label,text\n0,\"one; two\"\n1,\"three\"\n", DelimitedDialect.comma),
      ("one column\nof text, only\n", DelimitedDialect.comma),
      ("", DelimitedDialect.comma),
    ])
  func delimiters(text: String, delimiter: UInt8) {
    #expect(
      DelimitedDialect.sniffed(Array(text.utf8)).dialect == DelimitedDialect(delimiter: delimiter))
  }

  @Test("Quotes that enclose nothing between tabs are characters")
  func literalQuotes() {
    func quotes(_ text: String) -> Bool {
      DelimitedDialect.sniffed(Array(text.utf8)).dialect.hasQuotes
    }
    #expect(!quotes("\"so it goes\t1\nso \"it\" goes\t0\n"))
    #expect(!quotes("\"so\" it goes\t1\nso it goes\t0\n"))
    #expect(quotes("\"so\tit\ngoes\"\t1\nso it goes\t0\n"))
    #expect(quotes("\"so it goes,1\nso it goes,0\n"))
    #expect(quotes("so\t1\ngoes\t0\n"))
  }
}
