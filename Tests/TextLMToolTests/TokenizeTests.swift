import Foundation
import Testing
import TextLM
import TextLMTensors

@Suite("tokenize and detokenize")
struct TokenizeTests {
  /// A model that lowers, drops digits and spells all but the most frequent characters in bytes.
  private static let place = ToolFolder.newPath("tokenize")
  private static let training = Task {
    atexit { try? FileManager.default.removeItem(atPath: TokenizeTests.place) }
    let folder = try ToolFolder(at: place)
    try folder.write(try ToolCorpora.harbour(characters: 5000), to: "corpus.txt")
    let result = try await folder.run(
      [
        "train", "corpus.txt", "--max-steps", "2", "--case", "fold", "--locale", "de", "--drop",
        "[0-9]", "--transliterate", "œ > oe;", "--max-vocabulary", "30",
      ] + ToolModel.small)
    #expect(result.exitCode == 0, "\(result.errors)")
    return folder
  }

  private func run(_ arguments: String..., input: String) async throws -> ToolResult {
    try await Self.training.value.run(arguments, input: input)
  }

  @Test("text is one visible token a line")
  func text() async throws {
    let result = try await run("tokenize", input: "A1 ß\n\u{1B}日")
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(
      result.lines == [
        "<boundary>", "a", " ", "s", "s", "␊", "<0x1B>", "<0xE6>", "<0x97>", "<0xA5>",
      ])
  }

  @Test("JSON rows say which bytes of the text each token stands for")
  func json() async throws {
    let text = "A1 Maß œe\u{301} 日"
    let rows = try jsonLines(
      try await run("tokenize", "--format", "json", input: text).output)
    #expect(try rows[0].keys == ["document", "index", "token", "text", "start", "end"])
    let bytes = Array(text.utf8)
    var places: [String] = []
    for (index, row) in rows.enumerated() {
      #expect(try row.int("index") == index)
      let source = bytes[try row.int("start")..<row.int("end")]
      places.append("\(try row.string("text")) \(String(decoding: source, as: UTF8.self))")
    }
    #expect(
      places.map { Array($0.utf8) }
        == [
          " ", "a A", "   ", "m M", "a a", "s ß", "s ß", "   ", "o œ", "e œ", "<0xC3> e\u{301}",
          "<0xA9> e\u{301}", "   ", "<0xE6> \u{FFFD}", "<0x97> \u{FFFD}", "<0xA5> \u{FFFD}",
        ].map { Array($0.utf8) })
  }

  @Test("places are those of the file's bytes, whatever its encoding")
  func places() async throws {
    let folder = try await Self.training.value
    let text = "\u{FEFF}aé日😀Ab"
    try folder.write(
      Data(text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }), to: "u16.txt")
    try folder.write(text, to: "u8.txt")
    var found: [[[Int]]] = []
    for file in ["u16.txt", "u8.txt"] {
      let result = try await folder.run("tokenize", "--format", "json", file)
      #expect(result.exitCode == 0, "\(result.errors)")
      let rows = try jsonLines(result.output).filter { try $0.int("token") > 1 }
      found.append(try rows.map { [try $0.int("start"), try $0.int("end")] })
    }
    // Both byte-order marks count.
    #expect(found[0].first == [2, 4])
    #expect(found[0].suffix(2) == [[12, 14], [14, 16]])
    #expect(found[1].first == [3, 4])
    #expect(found[1].suffix(2) == [[13, 14], [14, 15]])
  }

  @Test(
    "numbers and JSON rows come back as the prepared text", arguments: ["--ids", "--format=json"])
  func roundTrip(style: String) async throws {
    let text = "Die Möwe\r\n\0 <unk> 42 日本語 👩‍👩‍👧 ŒUVRE\n\nende"
    let tokens = try await run("tokenize", style, input: text)
    #expect(tokens.exitCode == 0)
    if style == "--ids" {
      #expect(tokens.lines.count == 4)
      #expect(tokens.lines.allSatisfy { $0.wholeMatch(of: #/\d+( \d+)*/#) != nil })
      #expect(tokens.output.hasPrefix("0 "))
    }
    let back = try await run("detokenize", input: tokens.output)
    #expect(back.exitCode == 0)
    #expect(
      Array(back.output.utf8)
        == Array("die möwe\r\n\0 <unk>  日本語 👩‍👩‍👧 oeuvre\n\nende".utf8))
    let (file, list) = ("roundtrip\(style).txt", "roundtrip\(style).ids")
    let folder = try await Self.training.value
    try folder.write(text, to: file)
    try folder.write(tokens.output, to: list)
    #expect(
      try await folder.run("tokenize", style, file).output
        == tokens.output.replacing("\"document\":\"-\"", with: "\"document\":\"\(file)\""))
    #expect(try await folder.run("detokenize", list, "-", input: "2").exitCode == 0)
  }

  @Test("the model says what it does to text, and a resumed run keeps to it")
  func preparation() async throws {
    let folder = try await Self.training.value
    let rows = try await folder.run("inspect").lines
    for row in ["case fold", "locale de", "transliterate œ > oe;", "drop [0-9]"] {
      let words = row.split(separator: " ", maxSplits: 1)
      #expect(rows.contains { $0.hasPrefix(words[0] + " ") && $0.hasSuffix(" " + words[1]) })
    }
    for wish in [
      ["--case", "lower"], ["--locale", "tr"], ["--transliterate", "Any-Latin"],
      ["--keep", "[a-z]"], ["--drop", "[a-z]"],
    ] {
      let result = try await folder.run(["train", "corpus.txt", "--resume"] + wish)
      #expect(result.exitCode == 64, "\(result.errors)")
      #expect(result.errors.contains("\(wish[0]) is \(wish[1]), but the run began with"))
    }
    let same = try await folder.run(
      "train", "corpus.txt", "--resume", "--case", "fold", "--drop", "[0-9]")
    #expect(same.exitCode == 0, "\(same.errors)")
  }

  @Test("prompts and scored texts are prepared like the training text")
  func applied() async throws {
    let folder = try await Self.training.value
    let upper = try await folder.run(["score", "-q", "--format", "json"], input: "ŒUVRE 12")
    let lower = try await folder.run(["score", "-q", "--format", "json"], input: "oeuvre ")
    let rows = try jsonLines(upper.output + lower.output)
    #expect(try rows[0].double("nats") == rows[1].double("nats"))
    #expect(try rows[0].int("characters") == 8)
    let prompts = try await [
      folder.run("generate", "-q", "--seed", "1", "-n", "20", "--format", "json", "-p", "MÖWE 1"),
      folder.run("generate", "-q", "--seed", "1", "-n", "20", "--format", "json", "-p", "möwe "),
    ]
    let texts = try prompts.map { try jsonLines($0.output)[0].string("text") }
    #expect(texts[0] == texts[1])
  }

  @Test(
    "lists that are none are refused with the line",
    arguments: [
      ("2 3\n4 x", "line 2: 'x' is not a number from 0 to"), ("-1", "'-1'"), ("2 999999", "999999"),
      ("2 0x3", "0x3"), ("{\"token\":2}\n{\"token\":-1}", "line 2"), ("{\"tok\":2}", "token"),
      ("{\"token\":2", "line 1"), ("99999999999999999999999999", "line 1"), ("[2]", "'[2]'"),
    ])
  func badLists(list: String, part: String) async throws {
    let result = try await run("detokenize", input: list)
    #expect(result.exitCode == 65)
    #expect(result.errors.contains(part), "\(result.errors)")
  }

  @Test("wrong options are refused")
  func usage() async throws {
    for (arguments, part) in [
      (["tokenize", "--ids", "--format", "json"], "--ids cannot be given with --format json"),
      (["tokenize", "-", "-"], "only once"), (["detokenize", "-", "-"], "only once"),
      (["train", "x", "--keep", "[a"], "character 3 of '[a'"),
      (["train", "x", "--case", "upper"], "'upper'"),
      (["train", "x", "--locale", "klingonisch"], "'klingonisch' is no locale"),
      (["train", "x", "--transliterate", "Any-Nowhere"], "Any-Latin; Latin-ASCII"),
      (["generate", "--raw", "--format", "json"], "--raw cannot be given"),
    ] {
      let result = try await ToolFolder().run(arguments)
      #expect(result.exitCode == 64)
      #expect(result.errors.contains(part), "\(result.errors)")
    }
  }
}
