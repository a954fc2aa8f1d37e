import Foundation
import Testing
import TextLM
import TextLMTensors

@Suite("copying")
struct CopyingToolTests {
  @Test("--max-copy keeps what is written away from the training text, and --novelty says so")
  func maxCopy() async throws {
    let folder = try await ToolModel.folder()
    let own = try ToolFolder()
    let corpus = folder.path("corpus.txt")
    func longest(_ options: [String]) async throws -> Int {
      let written = try await own.run(
        [
          "generate", "-m", folder.path("model.textlm"), "-t", "1", "-q", "--seed", "5", "-n",
          "400",
        ]
          + options)
      #expect(written.exitCode == 0, "\(written.errors)")
      let result = try await own.run(
        [
          "score", "-m", folder.path("model.textlm"), "-q", "-t", "1", "--novelty",
          "--copied-from", corpus, "--format", "json",
        ], input: written.output)
      #expect(result.exitCode == 0, "\(result.errors)")
      return try #require(try jsonLines(result.output).first).int("longest_copy")
    }
    #expect(try await longest(["--temperature", "0.3"]) > 5)
    let limited = ["--temperature", "0.3", "--max-copy", "5", "--copied-from", corpus]
    // A line end at the end of what is printed may add one.
    #expect(try await longest(limited) <= 6)
  }

  @Test("A text is not new beside itself")
  func curve() async throws {
    let folder = try await ToolModel.folder()
    let result = try await folder.run(
      "score", "corpus.txt", "-q", "-t", "1", "--novelty", "--copied-from", "corpus.txt")
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(result.lines.first == "longest copy  30,000")
    #expect(result.lines.contains("characters  stretches     new"))
    #expect(result.lines.contains("         4     29,997   0.00%"))
    #expect(result.lines.last == "    16,384     13,617   0.00%")
  }

  /// A folder with a text, the nine tenths of it that training learns from, and a model that knows
  /// them.
  private func trained(_ options: [String]) async throws -> ToolFolder {
    let folder = try ToolFolder()
    let text = try ToolCorpora.harbour(characters: 20_000)
    try folder.write(text, to: "corpus.txt")
    try folder.write(String(text.prefix(18_000)), to: "learned.txt")
    let result = try await folder.run(["train", "corpus.txt"] + options)
    #expect(result.exitCode == 0, "\(result.errors)")
    return folder
  }

  /// What the limit and the novelty say, which must be the same by the index and by the text.
  private func expectSame(_ folder: ToolFolder, _ name: String) async throws {
    let ways = [
      ["generate", "--seed", "2", "-n", "200", "--temperature", "0.4", "--max-copy", "3"],
      ["score", "corpus.txt", "--novelty", "--format", "json"],
    ]
    for way in ways {
      let arguments = way + ["-m", name, "-q", "-t", "1"]
      let byIndex = try await folder.run(arguments)
      #expect(byIndex.exitCode == 0, "\(byIndex.errors)")
      let byText = try await folder.run(arguments + ["--copied-from", "learned.txt"])
      #expect(byIndex.output == byText.output && !byIndex.output.isEmpty)
    }
    let novelty = try await folder.run("score", "corpus.txt", "--novelty", "-m", name, "-q")
    #expect(novelty.lines.first == "longest copy  18,000")
  }

  @Test("train --copy-index makes the training text's index, and --resume one that is missing")
  func index() async throws {
    let small = ToolModel.small + ["--max-steps", "30", "--no-samples"]
    let folder = try await trained(small + ["--copy-index"])
    try await expectSame(folder, "model.textlm")
    let name = "model.textlm/copy-index.safetensors"
    let whole = try folder.bytes(name)
    #expect(Double(whole.count) / 18_000 < 40)

    let arguments = ["generate", "--max-copy", "9", "-n", "5", "-t", "1"]
    var damaged = whole
    damaged[damaged.count / 2] ^= 4
    try folder.write(damaged, to: name)
    let refused = try await folder.run(arguments)
    #expect(refused.exitCode == 65 && refused.output.isEmpty)
    #expect(refused.errors.contains("the index of copies is damaged"), "\(refused.errors)")
    #expect(refused.errors.contains("--resume --copy-index"))
    let resume = ["train", "corpus.txt", "--resume", "-t", "1"]
    let mended = try await folder.run(resume + ["--copy-index"])
    #expect(mended.exitCode == 0, "\(mended.errors)")
    #expect(mended.errors.contains("copy-index.safetensors: index of 18,000 tokens"))
    #expect(try folder.bytes(name) == whole)
    let again = try await folder.run(resume + ["--copy-index"])
    #expect(again.exitCode == 0 && !again.errors.contains("index of"))

    try FileManager.default.removeItem(atPath: folder.path(name))
    let missing = try await folder.run(arguments)
    #expect(missing.exitCode == 74)
    #expect(missing.errors.contains("give the text with --copied-from, or have the index made"))
  }

  @Test("n-grams have an index too")
  func ngrams() async throws {
    let folder = try await trained(
      ["--arch", "ngram", "--order", "4", "-o", "n.textlm", "--copy-index"])
    try await expectSame(folder, "n.textlm")
  }

  @Test(
    "what makes no sense is refused",
    arguments: [
      (["generate", "--max-copy", "0", "--copied-from", "a"], 64, "must be 1 or more"),
      (["generate", "--max-copy", "5"], 74, "there is no index of the training text"),
      (["generate", "--copied-from", "a"], 64, "changes nothing without --max-copy"),
      (["generate", "--copied-from", "-", "--max-copy", "5", "-"], 64, "only once"),
      (["generate", "--max-copy", "5", "--copied-from", "missing.txt"], 74, "missing.txt"),
      (["score", "--novelty", "--per", "line"], 64, "leave --per"),
      (["score", "--novelty"], 74, "there is no index of the training text"),
      (["score", "--copied-from", "a"], 64, "changes nothing without --novelty"),
      (["score", "--novelty", "--copied-from", "-"], 64, "only once"),
      (["train", "a.txt", "--copy-index", "--folds", "3"], 64, "leave one out"),
    ] as [([String], Int32, String)])
  func refused(arguments: [String], code: Int32, message: String) async throws {
    let folder = try await ToolModel.folder()
    let result = try await folder.run(arguments + ["-q", "-t", "1"], input: "a")
    #expect(result.exitCode == code)
    #expect(result.output.isEmpty)
    #expect(result.errors.contains(message), "\(result.errors)")
  }
}
