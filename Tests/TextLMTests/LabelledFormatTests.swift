import Foundation
import TextLM
import TextLMTestSupport
import Testing

@Suite("Labelled data: JSON lines, fastText's lines, files and folders")
struct LabelledFormatTests {
  private typealias Texts = LabelledTexts

  @Test("JSON lines: usual members, labels of any scalar type, arrays of them")
  func jsonLines() throws {
    let data = try Texts.read(
      """
      {"id": 7, "label": "pos", "text": "a \\"b\\"\\u00e9\\n"}
      {"text": "c", "label": 3}
      {"label": 1.5, "text": "d"}

      {"label": true, "text": "e"}
      {"label": ["f"], "text": "g"}
      """, name: "x.jsonl")
    #expect(
      data.rows == [
        ["a \"b\"é\n", "pos"], ["c", "3"], ["d", "1.5"], ["e", "true"], ["g", "f"],
      ])
    #expect(data.lines == [1, 2, 3, 5, 6])
    #expect(data.sources[0].notices == ["text in \"text\"", "label in \"label\""])
  }

  @Test("JSON lines: members that are named, and several labels")
  func jsonMembers() throws {
    let lines = """
      {"q": "a", "tags": ["y", "x", "y"], "more": "z"}
      {"q": "b", "tags": [], "more": []}
      {"q": "c", "tags": "x", "more": null}
      """
    let data = try Texts.read(lines, name: "x") {
      $0.kind = .multiple
      $0.textColumn = "q"
      $0.labelColumns = ["tags", "more"]
    }
    #expect(data.rows == [["a", "x+y+z"], ["b", ""], ["c", "x"]])
    let none = try Texts.read(
      """
      {"text": "a", "label": "x"}
      {"text": "b", "label": null}
      {"text": "c", "label": ""}
      {"text": "d"}
      """, name: "x.jsonl"
    ) { $0.kind = .multiple }
    #expect(none.rows == [["a", "x"], ["b", ""], ["c", ""]])
    #expect(none.badRows.map(\.reason) == [.missingColumn("member \"label\"")])
    #expect(data.labels.names == ["x", "y", "z"])
    #expect(
      throws: LabelledDataError.missingColumn(
        path: "x", name: "2", columns: ["q", "tags", "more"])
    ) { try Texts.read(lines, name: "x") { $0.textColumn = "2" } }
  }

  @Test("JSON lines: bad rows")
  func badJSONLines() throws {
    let data = try Texts.read(
      """
      {"label": "pos", "text": "a"}
      {"label": "pos", "text": "a"
      [1, 2]
      {"label": "pos"}
      {"text": "b"}
      {"label": null, "text": "b"}
      {"label": {"x": 1}, "text": "b"}
      {"label": "pos", "text": 5}
      {"label": ["a", "b"], "text": "c"}
      {"label": [], "text": "c"}
      {"label": "pos", "label": "neg", "text": "c"}
      \(String(repeating: "[", count: 100_000))
      """, name: "x.jsonl")
    #expect(data.texts.count == 1)
    #expect(data.badRows.map(\.place.line) == Array(2...12))
    #expect(
      data.badRows[1...8].map(\.reason) == [
        .notObject(found: "an array of 2"), .missingColumn("member \"text\""),
        .missingColumn("member \"label\""), .emptyLabel, .notLabel(found: "an object"),
        .notText(found: "the integer 5"), .labelCount(2), .labelCount(0),
      ])
    #expect(data.badRowTexts[0].hasPrefix("x.jsonl, line 2: JSON: byte "))
  }

  @Test("A JSON array is no JSON lines, and the error says what to do")
  func jsonArray() {
    for set: (inout LabelledReading) -> Void in [{ _ in }, { $0.format = .jsonLines }] {
      #expect(throws: LabelledDataError.jsonArray(path: "x.json")) {
        try Texts.read("\n[\n {\"label\": 1, \"text\": \"a\"}\n]\n", name: "x.json", set)
      }
    }
  }

  @Test("fastText's lines: labels anywhere, one or several")
  func fastText() throws {
    let lines = "__label__a  one two\n__label__b __label__a three\nfour __label__c five\nsix\n"
    let several = try Texts.read(lines, name: "x.txt") { $0.kind = .multiple }
    #expect(
      several.rows == [["one two", "a"], ["three", "a+b"], ["four five", "c"]])
    #expect(several.badRows.map(\.reason) == [.labelCount(0)])
    let single = try Texts.read(lines, name: "x.txt")
    #expect(single.rows == [["one two", "a"], ["four five", "c"]])
    #expect(single.badRows.map(\.reason) == [.labelCount(2), .labelCount(0)])
    let odd = try Texts.read("__label__ x\n__label__a\n__label__b y\n", name: "x")
    #expect(odd.badRows.map(\.reason) == [.emptyLabel, .emptyText])
  }

  @Test("Files of lines: the label from the extension where these differ, else from the name")
  func lines() throws {
    let polarity = try Texts.read([("d/r.pos", "good \r\n\nfine\n"), ("d/r.neg", "bad, so\n")])
    #expect(polarity.rows == [["good ", "pos"], ["fine", "pos"], ["bad, so", "neg"]])
    #expect(polarity.lines == [1, 3, 1])
    let languages = try Texts.read([("eng.txt", "hello\n"), ("de.u.txt", "hallo\n")])
    #expect(languages.rows == [["hello", "eng"], ["hallo", "de.u"]])
    #expect(try Texts.read("pos,good film\n", name: "x.csv.gz").sources[0].format == .csv)
    let folders = try Texts.read([("a/x.txt", "hello\n"), ("b/x.txt", "hallo\n")]) {
      $0.format = .lines
    }
    #expect(folders.rows == [["hello", "a"], ["hallo", "b"]])
    let asked = try Texts.read([("a.b", "x\n"), ("c.d", "y\n")]) { $0.labelOrigin = .fileName }
    #expect(asked.rows == [["x", "a"], ["y", "c"]])
    #expect(throws: LabelledDataError.noLabelInName(path: "x", .fileExtension)) {
      try Texts.read([("x", "y\n")]) { $0.labelOrigin = .fileExtension }
    }
    #expect(throws: LabelledDataError.unknownFormat(path: "x.txt")) {
      try Texts.read("some lines\nof prose\n", name: "x.txt")
    }
  }

  @Test("Tables in plain files are found out, and tables with labels in their names are read")
  func plainTables() throws {
    #expect(
      try Texts.read("label,text\npos,good\nneg,bad\n", name: "x").rows == [
        ["good", "pos"], ["bad", "neg"],
      ])
    #expect(try Texts.read("pos\tgood film\nneg\tbad film\n", name: "x").sources[0].format == .tsv)
    let named = try Texts.read([("pos.csv", "id,text\n1,good\n"), ("neg.csv", "id,text\n2,bad\n")])
    {
      $0.labelOrigin = .fileName
    }
    #expect(named.rows == [["good", "pos"], ["bad", "neg"]])
  }

  @Test("Settings that would change nothing are refused")
  func idleSettings() {
    let lines = [("a.txt", "x y\n"), ("b.txt", "z\n")]
    let settings: [(inout LabelledReading) -> Void] = [
      { $0.header = .present }, { $0.delimiter = ";" }, { $0.hasQuotes = false },
      { $0.textColumn = "text" }, { $0.labelColumns = ["label"] },
    ]
    for set in settings {
      for format in [LabelledFormat.lines, .folder, .fastText] {
        #expect(throws: LabelledDataError.self) {
          try Texts.read(lines) {
            $0.format = format
            set(&$0)
          }
        }
      }
    }
    #expect(throws: LabelledDataError.self) {
      try Texts.read("label,text\na,b\n") {
        $0.labelOrigin = .fileName
        $0.labelColumns = ["label"]
      }
    }
    #expect(throws: LabelledDataError.self) {
      try Texts.read("label,text\na,b\n", name: "x.tsv") {
        $0.format = .tsv
        $0.delimiter = ","
      }
    }
  }

  @Test("Random text gives texts or an error in every format", arguments: LabelledFormat.allCases)
  func randomText(format: LabelledFormat) {
    var random = RandomSource(seed: 1)
    let pieces = [
      "label", "text", ",", ";", "\t", "\n", "\r\n", "\"", "{", "}", ":", "[", "]", "__label__",
      " ",
      "\\", "é", "\u{0}", "1", "{\"label\":1,\"text\":\"a\"}\n", "a,b\n",
    ]
    for _ in 0..<100 {
      var text = ""
      for _ in 0..<random.nextInt(below: 30) { text += pieces[random.nextInt(below: pieces.count)] }
      for kind in LabelKind.allCases {
        do {
          let data = try Texts.read([("d/x/a.txt", text)]) {
            $0.format = format
            $0.kind = kind
          }
          #expect(data.texts.allSatisfy { !$0.text.isEmpty })
          #expect(kind == .multiple || data.texts.allSatisfy { $0.labels.count == 1 })
          #expect(data.labelCounts.reduce(0, +) == data.texts.reduce(0) { $0 + $1.labels.count })
        } catch {
          #expect(error is LabelledDataError || error is TextError, "\(error)")
          #expect(!"\(error)".isEmpty)
        }
      }
    }
  }

  @Test("A folder: its folders are the labels, each file a text")
  func folders() throws {
    let folder = try StorageTestFolder()
    for name in ["pos", "neg", "neg/deep"] {
      try FileManager.default.createDirectory(
        atPath: folder.path(name), withIntermediateDirectories: false)
    }
    try folder.write("good\nfilm\n", to: "pos/1.txt")
    try folder.write("bad", to: "neg/1.txt")
    try folder.write("very bad\n\n", to: "neg/deep/2.txt")
    try folder.write(" \n", to: "neg/3.txt")
    try folder.write("what this is", to: "README")
    let data = try LabelledReading().read([folder.path])
    #expect(data.rows == [["bad", "neg"], ["very bad\n", "neg"], ["good\nfilm", "pos"]])
    #expect(
      data.badRows == [
        BadRow(
          place: LabelledPlace(path: folder.path("neg/3.txt"), line: 1), reason: .emptyText)
      ])
    #expect(
      data.sources.map(\.description) == [
        "\(folder.path): 3 texts, folder, a text a file, a label a folder, "
          + "not read: 1 files beside the folders of labels"
      ])
    var reading = LabelledReading()
    reading.format = .folder
    let named = try reading.read([folder.path("pos"), folder.path("neg/deep")])
    #expect(named.rows == [["good\nfilm", "pos"], ["very bad\n", "deep"]])
    #expect(throws: StorageError.self) { try reading.read([folder.path("none")]) }
  }

  @Test("Several folders with files of plain text are a label each")
  func severalFolders() throws {
    let folder = try StorageTestFolder()
    for name in ["pos", "neg"] {
      try FileManager.default.createDirectory(
        atPath: folder.path(name), withIntermediateDirectories: false)
    }
    try folder.write("good film\nfine", to: "pos/1.txt")
    try folder.write("a joy", to: "pos/2.txt")
    try folder.write("bad", to: "neg/3.txt")
    let paths = [folder.path("pos"), folder.path("neg") + "/"]
    let data = try LabelledReading().read(paths)
    #expect(data.rows == [["good film\nfine", "pos"], ["a joy", "pos"], ["bad", "neg"]])
    #expect(
      data.sources.map(\.notices) == [
        ["a text a file", "label \"pos\", from the folder's name"],
        ["a text a file", "label \"neg\", from the folder's name"],
      ])
    var named = LabelledReading()
    named.labelOrigin = .fileName
    #expect(try named.read(paths).labels.names == ["1", "2", "3"])
    // One of them alone says nothing of others, and one folder with both does.
    #expect(try LabelledReading().read([folder.path("pos")]).labels.names == ["1", "2"])
    #expect(try LabelledReading().read([folder.path]).labels.names == ["neg", "pos"])
    // Files with labels in them keep these.
    try folder.write("__label__x a\n__label__y b\n", to: "pos/1.txt")
    try folder.write("__label__x c\n", to: "neg/3.txt")
    try FileManager.default.removeItem(atPath: folder.path("pos/2.txt"))
    #expect(try LabelledReading().read(paths).labels.names == ["x", "y"])
  }

  @Test(
    "SST-2 is read as it is", .enabled(if: SharedData.has("data/sst2/train.csv"), "needs ../shared")
  )
  func stanfordSentiment() throws {
    let folder = SharedData.url("data/sst2").path
    let training = try LabelledReading().read([folder + "/train.csv"])
    let validation = try LabelledReading().read([folder + "/dev.csv"])
    // The sizes are those of the data set's description.
    #expect(training.texts.count == 6_920 && validation.texts.count == 872)
    #expect(training.badRowCount == 0 && validation.badRowCount == 0)
    #expect(training.labels.names == ["0", "1"] && validation.labels == training.labels)
    #expect(validation.texts[0].text == "One long string of cliches." && validation.lines[0] == 2)
  }

  @Test(
    "rt-polarity is read as it is, in Windows-1252 that is guessed",
    .enabled(if: SharedData.has("data/rt/rt-polarity.pos"), "needs ../shared"))
  func polarity() throws {
    var reading = LabelledReading()
    reading.rules.encoding = .automatic
    let data = try reading.read([SharedData.url("data/rt").path])
    #expect(data.texts.count == 10_662 && data.badRowCount == 0)
    #expect(data.labels.names == ["neg", "pos"] && data.labelCounts == [5_331, 5_331])
    #expect(!data.texts.contains { $0.text.unicodeScalars.contains("\u{FFFD}") })
    let folds = try LabelledFolds(data, count: 10, seed: 1)
    #expect(folds.folds.allSatisfy { abs($0.count - 1_066) < 12 })
  }
}
