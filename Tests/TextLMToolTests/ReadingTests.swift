import Foundation
import Testing
import TextLMTensors
import TextLMTestSupport

@Suite("reading texts")
struct ReadingTests {
  private static let steps = ["--max-steps", "3"] + ToolModel.small

  private func folder(_ bytes: [UInt8]) throws -> ToolFolder {
    let folder = try ToolFolder()
    try folder.write(Data(bytes), to: "corpus.txt")
    return folder
  }

  /// French in Windows-1252.
  private static let latin: [UInt8] = {
    let line = "Il était une fois une fée très âgée à qui la forêt était entièrement dévolue.\r\n"
    return Array(repeating: line.unicodeScalars.map { UInt8($0.value) }, count: 40)
      .flatMap { $0 }
  }()

  @Test("--encoding: refused, guessed and named; a run goes on as it began")
  func encodings() async throws {
    let folder = try folder(Self.latin)
    let strict = try await folder.run(["train", "corpus.txt"] + Self.steps)
    #expect(strict.exitCode == 65)
    #expect(strict.errors.contains("corpus.txt: not UTF-8 at byte offset 3, line 1"))
    let guessed = try await folder.run(
      ["train", "corpus.txt", "--encoding", "auto"] + Self.steps)
    #expect(guessed.exitCode == 0, "\(guessed.errors)")
    #expect(guessed.errors.contains("note: corpus.txt: not UTF-8; taken for windows-1252"))
    let units = try await folder.run("inspect", "-v", "--format", "json")
    #expect(units.output.contains("{\"text\":\"é\""))
    let more = ["train", "corpus.txt", "--resume", "--max-steps", "5", "-t", "1"]
    let resumed = try await folder.run(more)
    #expect(resumed.exitCode == 0, "\(resumed.errors)")
    let other = try await folder.run(more + ["--encoding", "koi8-r"])
    #expect(other.exitCode == 64)
    #expect(other.errors.contains("--encoding is koi8-r, but the run began with auto"))
    let named = try await folder.run(
      ["train", "corpus.txt", "--encoding", "latin1", "-o", "named.textlm"] + Self.steps)
    #expect(named.exitCode == 0)
    let unknown = try await folder.run(
      ["train", "corpus.txt", "--encoding", "latin-none"] + Self.steps)
    #expect(unknown.exitCode == 64)
    #expect(unknown.errors.contains("no encoding is called 'latin-none'"))
  }

  @Test("--invalid: refused with the place, replaced or skipped, and said")
  func invalid() async throws {
    let text = Array(try ToolCorpora.harbour(characters: 400).utf8)
    let folder = try folder(text + [0xFF, 0xFE] + text)
    for (way, characters) in [("replace", 802), ("skip", 800)] {
      let result = try await folder.run(
        ["train", "corpus.txt", "--invalid", way, "--validation-fraction", "0", "-o", way]
          + Self.steps)
      #expect(result.exitCode == 0, "\(result.errors)")
      #expect(result.errors.contains("note: corpus.txt: 2 pieces were no UTF-8"))
      let score = try await folder.run(
        "score", "corpus.txt", "-m", way, "--invalid", way, "--format", "json")
      #expect(try jsonLines(score.output).first?.int("characters") == characters)
    }
    // Measuring does not stop at damage unless asked to.
    let score = try await folder.run("score", "corpus.txt", "-m", "skip", "--format", "json")
    #expect(try jsonLines(score.output).first?.int("characters") == 802)
    #expect(score.errors.contains("2 pieces were no UTF-8 and were replaced by U+FFFD"))
    let strict = try await folder.run("score", "corpus.txt", "-m", "skip", "--invalid", "error")
    #expect(strict.exitCode == 65)
    #expect(strict.errors.contains("not UTF-8 at byte offset \(text.count), line "))
  }

  @Test("--newlines lf goes with the model")
  func newlines() async throws {
    let folder = try folder(Self.latin)
    let common = ["train", "corpus.txt", "--encoding", "latin1"] + Self.steps
    _ = try await folder.run(common + ["-o", "keep"])
    let result = try await folder.run(common + ["--newlines", "lf", "-o", "lf"])
    #expect(result.exitCode == 0, "\(result.errors)")
    for (model, count) in [("keep", 3), ("lf", 2)] {
      let score = try await folder.run(
        ["score", "-m", model, "--format", "json"], input: "a\r\n")
      #expect(try jsonLines(score.output).first?.int("tokens") == count)
    }
    let resumed = try await folder.run(
      "train", "corpus.txt", "--resume", "--max-steps", "5", "-o", "lf")
    #expect(resumed.exitCode == 0, "\(resumed.errors)")
    let other = try await folder.run(
      "train", "corpus.txt", "--resume", "--newlines", "keep", "-o", "lf")
    #expect(other.exitCode == 64)
  }

  @Test("--documents: each line is measured by itself, and generation ends with one")
  func documents() async throws {
    let folder = try ToolFolder()
    try folder.write(String(repeating: "ab\nba\nab\n", count: 200), to: "corpus.txt")
    let result = try await folder.run(
      ["train", "corpus.txt", "--documents", "line", "--max-steps", "150"] + ToolModel.small)
    #expect(result.exitCode == 0, "\(result.errors)")
    let score = try await folder.run(
      "score", "corpus.txt", "--documents", "line", "--per", "document", "--format", "json")
    let rows = try jsonLines(score.output)
    #expect(rows.count == 600)
    #expect(try rows[1].string("document") == "corpus.txt:2")
    // The same document costs the same wherever it stands.
    #expect(try rows[0].double("nats") == rows[2].double("nats"))
    let text = try await folder.run("generate", "--format", "json", "--seed", "1")
    #expect(try jsonLines(text.output).first?.string("finish_reason") == "document")
    let empty = try await folder.run("train", "corpus.txt", "--documents", "")
    #expect(empty.exitCode == 64)
    // What is the default is not stored, and is another wish all the same.
    let changed = try await folder.run("train", "corpus.txt", "--documents", "file", "--resume")
    #expect(changed.exitCode == 64)
    #expect(changed.errors.contains("--documents is file, but the run began with line"))
  }

  @Test("tokenize reads by the same options, and its places are those of the file")
  func tokenizing() async throws {
    let model = try await ToolModel.file()
    let folder = try folder([0x61, 0x0D, 0x0A, 0xE9, 0x0A, 0x62])
    func rows(_ arguments: [String], prelude: String = ":") async throws -> [JSONField] {
      let result = try await folder.run(
        ["tokenize", "-m", model, "--format", "json"] + arguments, prelude: prelude)
      #expect(result.exitCode == 0, "\(result.errors)")
      return try jsonLines(result.output)
    }
    let latin = ["--encoding", "latin1", "--newlines", "lf", "--documents", "line"]
    for read in [
      try await rows(["corpus.txt"] + latin),
      try await rows(latin, prelude: "exec < corpus.txt"),
    ] {
      // Three lines: boundary, character; the é is not in the harbour.
      #expect(try read.map { try $0.int("start") } == [0, 0, 3, 3, 5, 5])
      #expect(try read.map { try $0.int("end") } == [0, 1, 3, 4, 5, 6])
    }
    let skipped = try await rows(["corpus.txt", "--invalid", "skip"])
    #expect(try skipped.map { try $0.int("start") } == [0, 0, 1, 2, 4, 5])
    let strict = try await folder.run("tokenize", "-m", model, "corpus.txt")
    #expect(strict.exitCode == 65)
  }

  @Test("Folders, compressed files and pipes are texts like others")
  func sources() async throws {
    let folder = try ToolFolder()
    let text = try ToolCorpora.harbour(characters: 900)
    try FileManager.default.createDirectory(
      atPath: folder.path("texts/inner"), withIntermediateDirectories: true)
    try folder.write(text, to: "texts/inner/b.txt")
    try folder.write("not to be read", to: "texts/.secret")
    let packed = try await folder.run(
      ["train", "texts"] + Self.steps, prelude: "gzip -c texts/inner/b.txt > texts/a.gz")
    #expect(packed.exitCode == 0, "\(packed.errors)")
    let card = try await folder.run("inspect")
    #expect(card.output.contains("texts/a.gz") && card.output.contains("texts/inner/b.txt"))
    #expect(!card.output.contains(".secret"))
    let score = try await folder.run("score", "texts", "--format", "json")
    #expect(try jsonLines(score.output).first?.int("characters") == 2 * text.unicodeScalars.count)
    let piped = try await folder.run(
      ["train", "-", "-o", "piped"] + Self.steps, prelude: "exec < texts/a.gz")
    #expect(piped.exitCode == 0, "\(piped.errors)")
    try folder.write(Data([0x1F, 0x8B, 8, 0, 0]), to: "cut.gz")
    let cut = try await folder.run(["train", "cut.gz", "-o", "cut"] + Self.steps)
    #expect(cut.exitCode == 65)
    #expect(cut.errors.contains("cut.gz: is compressed with gzip, and it ends too early"))
  }

  @Test("One gigantic line, read in little memory", .tags(.slow), .enabled(if: slowTestsAreEnabled))
  func giganticLine() async throws {
    let folder = try ToolFolder()
    let line = String(repeating: "abc de ", count: (40 << 20) / 7)
    try folder.write(line, to: "corpus.txt")
    // 300 MB of address space would not hold even the program; what it may write to is bounded.
    let result = try await folder.run(
      ["train", "corpus.txt", "--validation-fraction", "0.001"] + Self.steps,
      prelude: "ulimit -d 300000")
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(folder.contains("model.textlm/tokens.bin"))
  }
}
