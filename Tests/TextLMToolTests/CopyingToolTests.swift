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
          "score", "-m", folder.path("model.textlm"), "-q", "-t", "1", "--novelty", corpus,
          "--format", "json",
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
      "score", "corpus.txt", "-q", "-t", "1", "--novelty", "corpus.txt")
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(result.lines.first == "longest copy  30,000")
    #expect(result.lines.contains("characters  stretches     new"))
    #expect(result.lines.contains("         4     29,997   0.00%"))
    #expect(result.lines.last == "    16,384     13,617   0.00%")
  }

  @Test(
    "what makes no sense is refused",
    arguments: [
      (["generate", "--max-copy", "0", "--copied-from", "a"], 64, "must be 1 or more"),
      (["generate", "--max-copy", "5"], 64, "given together"),
      (["generate", "--copied-from", "a"], 64, "given together"),
      (["generate", "--max-copy", "5", "--copied-from", "missing.txt"], 74, "missing.txt"),
      (["score", "--novelty", "a", "--per", "line"], 64, "leave --per"),
      (["score", "--novelty", "-"], 64, "only once"),
    ] as [([String], Int32, String)])
  func refused(arguments: [String], code: Int32, message: String) async throws {
    let folder = try await ToolModel.folder()
    let result = try await folder.run(arguments + ["-q", "-t", "1"], input: "a")
    #expect(result.exitCode == code)
    #expect(result.output.isEmpty)
    #expect(result.errors.contains(message), "\(result.errors)")
  }
}
