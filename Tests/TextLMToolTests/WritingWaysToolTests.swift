import Foundation
import TextLM
import Testing

@Suite("generate: grammars, contrastive search and units")
struct WritingWaysToolTests {
  private func run(
    _ options: [String], files: [String: String] = [:]
  ) async throws -> ToolResult {
    let model = try await ToolModel.folder().path("model.textlm")
    let folder = try ToolFolder()
    for (name, content) in files { try folder.write(content, to: name) }
    return try await folder.run(["generate", "-m", model, "-t", "1", "-q"] + options)
  }

  @Test("--grammar holds")
  func grammar() async throws {
    let grammar = "root ::= word (\" \" word)* \".\" # words\nword ::= \"the\" | \"sea\" word?\n"
    let result = try await run(
      ["--grammar", "g.gbnf", "-n", "30", "--samples", "20", "--seed", "1", "--format", "json"],
      files: ["g.gbnf": grammar])
    #expect(result.exitCode == 0, "\(result.errors)")
    let texts = try jsonLines(result.output).map { try $0.string("text") }
    #expect(texts.count == 20)
    let oracle = try Regex("(sea)*(the|sea)( (sea)*(the|sea))*\\.")
    for text in texts { #expect(try oracle.wholeMatch(in: text) != nil, "\(text)") }
  }

  @Test("--contrastive writes the same text every time")
  func contrastive() async throws {
    let options = ["--contrastive", "-p", "The ", "-n", "40", "--format", "json"]
    let first = try await run(options)
    #expect(first.exitCode == 0, "\(first.errors)")
    let text = try jsonLines(first.output)[0].string("text")
    #expect(text.count <= 40 && !text.isEmpty)
    let again = try jsonLines(try await run(options).output)[0].string("text")
    #expect(again == text)
    let greedy = try await run(options + ["--penalty-alpha", "0", "--candidates", "2"])
    let likeliest = try await run([
      "--temperature", "0", "-p", "The ", "-n", "40", "--format", "json",
    ])
    #expect(
      try jsonLines(greedy.output)[0].string("text")
        == jsonLines(likeliest.output)[0].string("text"))
  }

  @Test("--set-unit changes the text, by the names of show units and by layer.index")
  func units() async throws {
    let options = ["--seed", "4", "-n", "60"]
    func held(_ layer: String) async throws -> ToolResult {
      let units = ["0=4", "1=-4", "2=4"].flatMap { ["--set-unit", "\(layer).\($0)"] }
      return try await run(options + units)
    }
    let (free, cell) = (try await run(options), try await held("cell1"))
    #expect(free.exitCode == 0 && cell.exitCode == 0, "\(cell.errors)")
    #expect(free.output != cell.output)
    #expect(try await held("1").output == cell.output)
    let hidden = try await held("hidden1")
    #expect(hidden.exitCode == 0, "\(hidden.errors)")
    #expect(hidden.output != cell.output && hidden.output != free.output)
  }

  @Test(
    "what cannot be is refused",
    arguments: [
      (["--grammar", "open.gbnf"], 65, "open.gbnf, line 2, character 3: a ( without its )"),
      (["--grammar", "fine.gbnf", "--stop", "e"], 64, "--grammar and --stop cannot be given"),
      (["--grammar", "fine.gbnf", "--min-tokens", "2"], 64, "--grammar and --min-tokens cannot"),
      (["--grammar", "foreign.gbnf"], 65, "foreign.gbnf, line 1: root needs '\u{5B57}'"),
      (["--grammar", "fine.gbnf", "--only", "[a-z]"], 64, "cannot be given together"),
      (["--grammar", "fine.gbnf", "-n", "2"], 64, "--grammar needs at least 3 tokens"),
      (["--grammar", "missing.gbnf"], 74, "missing.gbnf"),
      (["--contrastive", "--temperature", "1"], 64, "--contrastive and --temperature cannot be"),
      (["--contrastive", "--beam", "3"], 64, "--contrastive and --beam cannot be given"),
      (["--contrastive", "--samples", "2"], 64, "--samples is 2, but must be 1"),
      (["--candidates", "3"], 64, "--candidates changes nothing without --contrastive"),
      (
        ["--contrastive", "--penalty-alpha", "2"], 64,
        "error: --penalty-alpha is 2.0, but must be from 0"
      ),
      (["--set-unit", "0=1"], 64, "'0=1' is no unit with its value"),
      (
        ["--set-unit", "0.3=1"], 64,
        "there is no unit 0.3: the model's layers are hidden1 (24 units), cell1 (24 units)"
      ),
      (["--set-unit", "cell1.24=1"], 64, "no unit cell1.24: the model's layers are hidden1 (24"),
      (["--set-unit", "1.24=1"], 64, "each counted from 0; 1 stands for cell1"),
      (["--set-unit", "output.3=1"], 64, "output.3 cannot be set"),
      (["--set-unit", "1.3=1", "--set-unit", "cell1.3=2"], 64, "unit cell1.3 is set twice"),
    ] as [([String], Int32, String)])
  func refused(options: [String], code: Int32, message: String) async throws {
    let result = try await run(
      options,
      files: [
        "open.gbnf": "root ::=\n  (\"a\"", "foreign.gbnf": "root ::= \"\u{5B57}\"",
        "fine.gbnf": "root ::= \"the\"",
      ])
    #expect(result.exitCode == code)
    #expect(result.output.isEmpty)
    #expect(result.errors.contains(message), "\(result.errors)")
  }
}
