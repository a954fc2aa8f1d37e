import Foundation
import Testing
import TextLM
import TextLMTensors

@Suite("vocab")
struct VocabTests {
  /// Latin, Cyrillic, a control, a mark by itself, a direction override and private use.
  private let odd = "aaaa \u{430}\u{430}\u{430} bb\ne\u{301} \u{202E}\u{E000}\n"

  @Test("a row for each unit, by count, and a summary with advice")
  func table() async throws {
    let folder = try ToolFolder()
    try folder.write(odd, to: "odd.txt")
    let result = try await folder.run("vocab", "odd.txt", "--normalize", "none")
    #expect(result.exitCode == 0)
    #expect(result.errors.isEmpty)
    #expect(
      result.output == """
        unit   code point  count     share  script     name
        a      U+0061          4  22.222 %  Latin      LATIN SMALL LETTER A
               U+0020          3  16.667 %  Common     SPACE
        \u{430}      U+0430          3  16.667 %  Cyrillic   CYRILLIC SMALL LETTER A
        \u{240A}      U+000A          2  11.111 %  Common     <control-000A>
        b      U+0062          2  11.111 %  Latin      LATIN SMALL LETTER B
        e      U+0065          1   5.556 %  Latin      LATIN SMALL LETTER E
        \u{301}      U+0301          1   5.556 %  Inherited  COMBINING ACUTE ACCENT
        ⟨RLO⟩  U+202E          1   5.556 %  Common     RIGHT-TO-LEFT OVERRIDE
        \u{E000}      U+E000          1   5.556 %  Unknown    <private use area-E000>

        9 units beside the boundary and <unk>, 18 in the text
        scripts: 5 (Latin 3, Common 3, Cyrillic 1, Inherited 1, Unknown 1)
        controls: 1 (U+000A)
        private use: 1 (U+E000)
        bidi controls: 1 (U+202E)
        confusable across scripts: 1 (a/\u{430})
        1 unit changes the direction of text: --drop '[:Bidi_Control:]' leaves such characters out
        1 unit is of private use or unassigned: look where that comes from, or leave it out with \
        --drop '[[:Co:][:Cn:]]'
        1 pair of units look alike in different scripts: look for words in mixed scripts\("\n")
        """)
  }

  @Test("JSON has the same, in the order asked for")
  func json() async throws {
    let folder = try ToolFolder()
    try folder.write(odd, to: "odd.txt")
    let result = try await folder.run(
      "vocab", "odd.txt", "--normalize", "none", "--format", "json", "--sort", "codepoint")
    let object = try #require(try jsonLines(result.output).first)
    let units = try object.field("units").elements()
    let codes = try units.map { try $0.string("code_points") }
    #expect(codes == codes.sorted())
    #expect(codes.first == "U+000A")
    let a = try #require(try units.first { try $0.string("text") == "a" })
    #expect(try a.int("token") == 2)
    #expect(try a.int("count") == 4)
    #expect(try a.string("script") == "Latin")
    let summary = try object.field("summary")
    #expect(try summary.field("bidi_controls").elements().count == 1)
    #expect(try summary.field("private_use").elements().count == 1)
    #expect(try summary.field("controls").elements().count == 1)
    #expect(try summary.field("confusable_across_scripts").elements().count == 1)
    let advice = try summary.field("advice").elements().map { try $0.string() }
    #expect(advice.contains { $0.contains("--drop '[:Bidi_Control:]'") })
  }

  @Test("a language's order, and as many rows as asked for")
  func sorting() async throws {
    let folder = try ToolFolder()
    // Swedish has ä behind z, German beside a.
    for (locale, expected) in [("sv", ["a", "z", "ä"]), ("de", ["a", "ä", "z"])] {
      let result = try await folder.run(
        ["vocab", "-", "--sort", locale, "--format", "json"], input: "zäa")
      let object = try #require(try jsonLines(result.output).first)
      #expect(try object.field("units").elements().map { try $0.string("text") } == expected)
    }
    let top = try await folder.run(
      ["vocab", "-", "--top", "1", "--format", "json"], input: "zäa")
    let object = try #require(try jsonLines(top.output).first)
    #expect(try object.field("units").elements().count == 1)
    #expect(try object.field("summary").int("units") == 3)
  }

  @Test("units and limits are those of training")
  func units() async throws {
    let folder = try ToolFolder()
    try folder.write("the cat and the dog and the end\n", to: "words.txt")
    func texts(_ arguments: String...) async throws -> [String] {
      let result = try await folder.run(
        ["vocab", "words.txt", "--format", "json", "-q"] + arguments)
      #expect(result.exitCode == 0, "\(result.errors)")
      let object = try #require(try jsonLines(result.output).first)
      return try object.field("units").elements().map { try $0.string("text") }
    }
    #expect(try await texts("--unit", "word", "--min-count", "2") == [" ", "the", "and"])
    #expect(try await texts("--unit", "word", "--max-vocabulary", "1") == [" "])
    // 7 spaces and 3 "the" are 10 of 16 units.
    #expect(try await texts("--unit", "word", "--coverage", "0.6") == [" ", "the"])
    #expect(try await texts("--unit", "byte") == [])
    #expect(try await texts("--case", "lower", "--keep", "[t]") == ["t"])
  }

  @Test("what --export writes is read back, shown, and trained with")
  func exchange() async throws {
    let folder = try ToolFolder()
    try folder.write(try ToolCorpora.harbour(characters: 6000), to: "c.txt")
    let exported = try await folder.run(
      "vocab", "c.txt", "--max-vocabulary", "20", "--export", "tokenizer.json", "--format", "json")
    #expect(exported.exitCode == 0)
    let shown = try await folder.run("vocab", "--import", "tokenizer.json", "--format", "json")
    let pairs = try [exported, shown].map { result in
      let object = try #require(try jsonLines(result.output).first)
      return try object.field("units").elements().map {
        "\(try $0.int("token")) \(try $0.string("code_points"))"
      }
    }
    #expect(pairs[0] == pairs[1])
    #expect(pairs[0].count == 20)
    let trained = try await folder.run(
      ["train", "c.txt", "--vocabulary", "tokenizer.json", "--max-steps", "3"] + ToolModel.small)
    #expect(trained.exitCode == 0, "\(trained.errors)")
    let model = try TextModel(contentsOf: folder.path("model.textlm"))
    let original = try Tokenizer(vocabularyAt: folder.path("tokenizer.json"))
    #expect(model.tokenizer.vocabulary == original.vocabulary)
    let resumed = try await folder.run(
      ["train", "c.txt", "--resume", "--max-steps", "5"])
    #expect(resumed.exitCode == 0, "\(resumed.errors)")
    let other = try await folder.run(
      ["train", "c.txt", "--vocabulary", "model.textlm", "--unit", "word", "-o", "x.textlm"])
    #expect(other.exitCode == 64)
    #expect(other.errors.contains("--unit is word, but must be codepoint, as in model.textlm"))
  }

  @Test("a model's vocabulary, and what cannot be exported")
  func models() async throws {
    let folder = try await ToolModel.folder()
    let result = try await folder.run("vocab", "model.textlm", "--format", "json", "--top", "1")
    let object = try #require(try jsonLines(result.output).first)
    #expect(try object.field("summary").int("count") == 27_000)
    let wrong = try await folder.run("vocab", "model.textlm", "--unit", "word")
    #expect(wrong.exitCode == 64)
    let place = ToolFolder.newPath("tokenizer")
    let words = try await folder.run(
      "vocab", "corpus.txt", "--unit", "word", "--export", place)
    #expect(words.exitCode == 65)
    #expect(words.errors.contains("cannot express units of word"))
    #expect(!FileManager.default.fileExists(atPath: place))
    let foreign = try await folder.run("vocab", "--import", "corpus.txt")
    #expect(foreign.exitCode == 65)
  }

  @Test("every unit trains, writes and is measured", arguments: ["grapheme", "byte", "word"])
  func training(unit: String) async throws {
    let folder = try ToolFolder()
    try folder.write(try ToolCorpora.scripts(), to: "c.txt")
    let trained = try await folder.run(
      ["train", "c.txt", "--unit", unit, "--max-steps", "3", "--format", "json"] + ToolModel.small)
    #expect(trained.exitCode == 0, "\(trained.errors)")
    let written = try await folder.run("generate", "-n", "20", "--seed", "1", "-p", "Où")
    #expect(written.exitCode == 0, "\(written.errors)")
    let scored = try await folder.run(["score", "-", "--format", "json"], input: "naïve 日本 👩‍👩‍👧")
    let row = try #require(try jsonLines(scored.output).first)
    #expect(try row.int("unknown") == 0)
    #expect(try row.double("nats", in: 0...1e6) > 0)
  }
}

@Suite("bench text")
struct BenchTextTests {
  @Test("a row for each unit, in text and JSON")
  func rows() async throws {
    let folder = try ToolFolder()
    try folder.write(try ToolCorpora.scripts(), to: "c.txt")
    let json = try await folder.run(
      "bench", "text", "c.txt", "--seconds", "0.001", "--format", "json")
    #expect(json.exitCode == 0, "\(json.errors)")
    let rows = try jsonLines(json.output)
    #expect(try rows.map { try $0.string("unit") } == SegmenterRegistry.builtIn.names)
    for row in rows { #expect(try row.double("bytes_per_second") > 0) }
    let text = try await folder.run("bench", "text", "--seconds", "0.001")
    #expect(text.lines.count == 1 + 2 * SegmenterRegistry.builtIn.names.count)
  }
}
