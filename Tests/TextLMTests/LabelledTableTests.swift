import TextLM
import Testing

@Suite("Labelled data: tables")
struct LabelledTableTests {
  private typealias Texts = LabelledTexts

  @Test("Columns are found by usual names, in any order and beside others")
  func usualNames() throws {
    let data = try Texts.read("id,Label,note,Sentence\n1,pos,x,good film\n2,neg,y,bad film\n")
    #expect(data.rows == [["good film", "pos"], ["bad film", "neg"]])
    #expect(data.lines == [2, 3])
    #expect(data.labels.names == ["neg", "pos"])
    #expect(
      data.sources.map(\.description) == [
        "x.csv: 2 texts, csv, fields between commas, the first row names the columns, "
          + "text in \"Sentence\", label in \"Label\""
      ])
  }

  @Test("Columns are named or numbered; a name comes before a number")
  func namedColumns() throws {
    let table = "kind,1,words\npos,neg,good film\nneg,neg,bad film\n"
    let named = try Texts.read(table) {
      $0.textColumn = "words"
      $0.labelColumns = ["kind"]
    }
    #expect(named.rows == [["good film", "pos"], ["bad film", "neg"]])
    let numbered = try Texts.read(table) {
      $0.header = .present
      $0.textColumn = "3"
      $0.labelColumns = ["1"]
    }
    #expect(numbered.rows == [["good film", "neg"], ["bad film", "neg"]])
    let half = try Texts.read("a,b,text\npos,1,good\nneg,2,bad\n") { $0.labelColumns = ["a"] }
    #expect(half.rows == [["good", "pos"], ["bad", "neg"]])
  }

  @Test("A column that is not there is named with those that are")
  func missingColumn() {
    for (text, label, name) in [("body", "label", "body"), ("text", "4", "4"), ("text", "0", "0")] {
      #expect(
        throws: LabelledDataError.missingColumn(
          path: "x.csv", name: name, columns: ["label", "text", "id"])
      ) {
        try Texts.read("label,text,id\npos,good,1\n") {
          $0.textColumn = text
          $0.labelColumns = [label]
        }
      }
    }
    let error = LabelledDataError.missingColumn(
      path: "x.csv", name: "body", columns: ["label", "text"])
    #expect("\(error)" == "x.csv: has no column \"body\"; there are: \"label\", \"text\"")
  }

  @Test("Columns that nothing tells apart are asked for")
  func undecidedColumns() {
    #expect(
      throws: LabelledDataError.undecidedColumn(
        path: "x.csv", role: .text, columns: ["v1", "v2", "v3"])
    ) {
      try Texts.read("v1,v2,v3\nham,hello there,\n") { $0.header = .present }
    }
    #expect(
      throws: LabelledDataError.undecidedColumn(
        path: "x.csv", role: .label, columns: ["text", "v2", "v3"])
    ) { try Texts.read("text,v2,v3\nham,hello there,x\n") }
    #expect(throws: LabelledDataError.ambiguousColumn(path: "x.csv", name: "text")) {
      try Texts.read("text,text,label\na,b,c\n") { $0.textColumn = "text" }
    }
    #expect(throws: LabelledDataError.self) {
      try Texts.read("text,label\na,b\n") {
        $0.textColumn = "text"
        $0.labelColumns = ["text"]
      }
    }
  }

  @Test(
    "Whether the first row names the columns",
    arguments: [
      // Both names are usual.
      ("label,text\npos,good film\n", true),
      ("text,label\nlabel,text\n", true),
      // One is, and is not found again.
      ("label,phrase\npos,good film\n", true),
      ("class,I go to school by bus and on foot\nschool,I go there\n", false),
      ("topic,on the topic\ntopic,of the topic\n", false),
      // Numbers below something that is none.
      ("opinion,what they said about it\n0,bad film\n1,good film\n", true),
      ("0,what they said about it\n0,bad film\n1,good film\n", false),
      ("pos,what they said\nneg,bad film\n", false),
      ("2,good film\n", false),
    ])
  func headers(table: String, isHeader: Bool) throws {
    let rowCount = table.utf8.count { $0 == UInt8(ascii: "\n") }
    #expect(try Texts.read(table).texts.count == rowCount - (isHeader ? 1 : 0))
    for (rule, hasHeader) in [(HeaderRule.present, true), (.absent, false)] where rowCount > 1 {
      let data = try Texts.read(table) { reading in
        reading.header = rule
        // The shorter column first, whatever it is called.
        let isLabelFirst = !table.hasPrefix("text")
        reading.textColumn = isLabelFirst ? "2" : "1"
        reading.labelColumns = [isLabelFirst ? "1" : "2"]
      }
      #expect(data.texts.count == rowCount - (hasHeader ? 1 : 0))
    }
  }

  @Test("Of two unnamed columns the longer one is the text")
  func lengths() throws {
    #expect(
      try Texts.read("pos,good film\nneg,no\n").rows == [["good film", "pos"], ["no", "neg"]])
    #expect(
      try Texts.read("good film,pos\nno,neg\n").rows == [["good film", "pos"], ["no", "neg"]])
    #expect(throws: LabelledDataError.self) { try Texts.read("abc,def\nghi,jkl\n") }
  }

  @Test("Quotes, line ends within them, CRLF and a byte-order mark")
  func quoting() throws {
    let data = try Texts.read(
      "\u{FEFF}label,text\r\npos,\"one, \"\"two\"\"\r\n\r\nthree\"\r\n\r\nneg,four\r\n")
    #expect(data.rows == [["one, \"two\"\r\n\r\nthree", "pos"], ["four", "neg"]])
    #expect(data.lines == [2, 6])
  }

  @Test("Semicolons and tabs are found out, or given")
  func delimiters() throws {
    #expect(try Texts.read("label;text\npos;1,5 good, film\n").rows == [["1,5 good, film", "pos"]])
    #expect(try Texts.read("label\ttext\npos\ta; b\n", name: "x.tsv").rows == [["a; b", "pos"]])
    let given = try Texts.read("label|text\npos|a,b\n") { $0.delimiter = "|" }
    #expect(given.rows == [["a,b", "pos"]])
    for wrong: Unicode.Scalar in ["\"", "\n", "é"] {
      #expect(throws: LabelledDataError.self) {
        try Texts.read("label,text\npos,good\n") { $0.delimiter = wrong }
      }
    }
  }

  @Test("Bad rows are counted and told with their lines; the others are read")
  func badRows() throws {
    let table = """
      label,text,id
      pos,good,1
      neg
      ,film,2
      " ",film,3
      pos," \t",4
      pos,a,b,c,5
      "pos"s,x,6
      neg,bad

      pos,fine,7,
      neg,"unclosed
      and more

      """
    let data = try Texts.read(table)
    #expect(data.rows == [["good", "pos"], ["bad", "neg"], ["fine", "pos"]])
    #expect(data.lines == [2, 9, 11])
    #expect(data.badRowCount == 7)
    #expect(data.badRows.map(\.place.line) == [3, 4, 5, 6, 7, 8, 12])
    #expect(
      data.badRowTexts.prefix(3) == [
        "x.csv, line 3: has no column \"text\"", "x.csv, line 4: the label is empty",
        "x.csv, line 5: the label is empty",
      ])
    #expect(
      data.badRows.map(\.reason).suffix(4) == [
        .emptyText, .surplusFields(found: 5, expected: 3), .brokenQuotes,
        .unclosedQuote(lineCount: 1),
      ])
    let few = try Texts.read(table) { $0.badRowLimit = 2 }
    #expect(few.badRowCount == 7 && few.badRows == Array(data.badRows.prefix(2)))
    #expect(throws: LabelledDataError.badRow(data.badRows[0])) {
      try Texts.read(table) { $0.isStrict = true }
    }
  }

  @Test("Files without any text say so")
  func noTexts() {
    for table in ["", "\n\n", "label,text\n", "\u{FEFF}"] {
      #expect(throws: LabelledDataError.noTexts(paths: ["x.csv"], badRowCount: 0, first: nil)) {
        try Texts.read(table)
      }
    }
    let first = BadRow(place: LabelledPlace(path: "x.csv", line: 2), reason: .emptyText)
    #expect(throws: LabelledDataError.noTexts(paths: ["x.csv"], badRowCount: 2, first: first)) {
      try Texts.read("label,text\npos,\nneg,\n")
    }
    #expect(throws: LabelledDataError.noTexts(paths: [], badRowCount: 0, first: nil)) {
      try Texts.read([])
    }
  }

  @Test("Several labels: in several columns, or in one with a separator")
  func severalLabels() throws {
    let columns = try Texts.read("text,a,b\nx,red,\ny,red,blue\nz,,\n") {
      $0.kind = .multiple
      $0.labelColumns = ["a", "b"]
    }
    #expect(columns.rows == [["x", "red"], ["y", "blue+red"], ["z", ""]])
    #expect(columns.badRows.isEmpty)
    let short = try Texts.read("text,tag\nx,red\ny,\nz\n") { $0.kind = .multiple }
    #expect(short.rows == [["x", "red"], ["y", ""]])
    #expect(short.badRows.map(\.reason) == [.missingColumn("column \"tag\"")])
    let separated = try Texts.read("text,tags\nx,red\ny,\" red || blue||red\"\nz,||\n") {
      $0.kind = .multiple
      $0.labelSeparator = "||"
    }
    #expect(separated.rows == [["x", "red"], ["y", "blue+red"], ["z", ""]])
    #expect(separated.labels == (try LabelSet(kind: .multiple, names: ["blue", "red"])))
    for set: (inout LabelledReading) -> Void in [
      { $0.labelSeparator = "," }, { $0.labelColumns = ["text", "tags"] },
    ] {
      #expect(throws: LabelledDataError.self) { try Texts.read("text,tags\nx,red\n", set) }
    }
  }

  @Test("Ordinal labels are numbers in the order of their values")
  func ordinal() throws {
    let data = try Texts.read("stars,text\n10,a\n9,b\n-1.5,c\nmany,d\n9.0,e\n") {
      $0.kind = .ordinal
    }
    #expect(data.labels.names == ["-1.5", "9", "10"])
    #expect(data.badRows.map(\.reason) == [.noNumber("many")])
    #expect(data.labelCounts == [1, 2, 1])
  }

  @Test("NUL and other control characters are characters, and messages show them as escapes")
  func controlCharacters() throws {
    let data = try Texts.read("label,text\n\u{1B}[31m,a\u{0}b\npos,\u{0}\n")
    #expect(data.rows == [["a\u{0}b", "\u{1B}[31m"], ["\u{0}", "pos"]])
    #expect(throws: LabelledDataError.self) {
      try Texts.read("label,text\npos,good\n") { $0.labelColumns = ["\u{1B}[2J"] }
    }
    let error = LabelledDataError.missingColumn(path: "x", name: "\u{1B}[2J", columns: ["\u{7}"])
    #expect("\(error)" == "x: has no column \"\\u{1b}[2J\"; there are: \"\\u{7}\"")
  }

  @Test("A text of 100,000 characters, and a table of more than one passage")
  func longTexts() throws {
    let long = String(repeating: "ähnlich, ", count: 11_112)
    var table = "label,text\npos,\"\(long)\"\n"
    for number in 0..<30_000 { table += "neg,\"number \(number), \n and more\"\n" }
    let data = try Texts.read(table)
    #expect(data.texts.count == 30_001 && data.badRowCount == 0)
    #expect(data.texts[0].text.unicodeScalars.count == 100_008)
    #expect(data.texts[30_000].text == "number 29999, \n and more")
    #expect(data.lines.last == 60_001)
  }

  @Test("Latin-1 and UTF-16 are read as any text is")
  func encodings() throws {
    let latin = try CorpusFile(
      bytes: Array("label,text\npos,caf".utf8) + [0xE9, 0x0A], name: "x.csv", source: "x.csv",
      ReadingRules(encoding: .named("windows-1252")))
    var reading = LabelledReading()
    reading.rules.encoding = .named("windows-1252")
    #expect(try reading.read([latin]).rows == [["café", "pos"]])
    let wide = "label,text\npos,café\n".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    let file = try CorpusFile(bytes: [0xFF, 0xFE] + wide, name: "x.csv", source: "x.csv")
    let data = try LabelledReading().read([file])
    #expect(data.rows == [["café", "pos"]])
    #expect(data.sources[0].description.contains("UTF-16LE"))
  }
}
