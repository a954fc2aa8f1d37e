import Foundation
import TextLM
import Testing

@Suite("show")
struct ShowTests {
  private static let text = "A boat.\n\n\"Two <script> boats,\" 日\tsaid & \u{1B}[2J.\n"

  private func show(
    _ arguments: String..., input: String = text
  ) async throws -> ToolResult {
    let folder = try await ToolModel.folder()
    return try await folder.run(["show"] + arguments + ["-t", "1"], input: input)
  }

  @Test("surprisal: columns of guesses without colours, and a last line with the mean")
  func surprisal() async throws {
    let result = try await show("surprisal", "--guesses", "2", input: "The sea")
    #expect(result.exitCode == 0, "\(result.errors)")
    let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0] == "The sea")
    #expect(lines[1].allSatisfy { $0.isNumber || $0 == " " } && lines[1].count <= 7)
    #expect(lines[4].isEmpty && lines[5].hasPrefix("7 tokens at "))
    #expect(!result.output.contains("\u{1B}"))
  }

  @Test("surprisal --format json agrees with score --per token")
  func surprisalJSON() async throws {
    let result = try await show("surprisal", "--format", "json", "--guesses", "3")
    let scored = try await ToolModel.folder().run(
      ["score", "--per", "token", "--format", "json", "-t", "1"], input: Self.text)
    let (rows, scores) = (try jsonLines(result.output), try jsonLines(scored.output))
    #expect(rows.count == scores.count && !rows.isEmpty)
    for (row, score) in zip(rows, scores) {
      #expect(try row.string("text") == score.string("text"))
      #expect(try row.int("rank") == score.int("rank"))
      let bits = try score.double("nats") / 0.6931471805599453
      #expect(abs(try row.double("bits") - bits) < 1e-9)
      let guesses = try row.field("guesses").elements()
      #expect(guesses.count == 3)
      let probabilities = try guesses.map { try $0.double("probability") }
      #expect(probabilities == probabilities.sorted(by: >))
    }
  }

  @Test(
    "pages of HTML obey nothing of the text",
    arguments: [["surprisal"], ["units", "--find", "quotes"], ["loss"]])
  func pages(arguments: [String]) async throws {
    let folder = try ToolFolder()
    try folder.write(Self.text, to: "a<b>&'.txt")
    let model = try await ToolModel.file()
    let result = try await folder.run(
      ["show"] + arguments + ["a<b>&'.txt", "-m", model, "--html", "page.html", "-t", "1"])
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(result.output.isEmpty && result.errors.contains("written to page.html"))
    let page = try folder.text("page.html")
    #expect(page.hasPrefix("<!DOCTYPE html>") && page.contains("a&lt;b&gt;&amp;&#39;.txt"))
    let again = try await folder.run(
      ["show"] + arguments + ["a<b>&'.txt", "-m", model, "--html", "page.html", "-t", "1"])
    #expect(again.exitCode == 64 && again.errors.contains("another name with --html"))
    let replaced = try await folder.run(
      ["show"] + arguments
        + ["a<b>&'.txt", "-m", model, "--html", "page.html", "--overwrite", "-t", "1"])
    #expect(replaced.exitCode == 0, "\(replaced.errors)")
    #expect(!page.contains("<script") && !page.contains("\u{1B}") && !page.contains("http:"))
  }

  @Test("units: the finder's table, the text, and the units that there are")
  func units() async throws {
    let result = try await show("units", "--find", "line-length", "--top", "3")
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(result.errors.contains("layers: output (24), hidden1 (24), cell1 (24)"))
    #expect(result.lines.prefix(3).allSatisfy { $0.contains("  correlation ") })
    let missing = try await show("units", "--unit", "cell1.24")
    #expect(missing.exitCode == 64)
    #expect(missing.errors.contains("output.0 to 23, hidden1.0 to 23, cell1.0 to 23"))
    let constant = try await show("units", "--find", "-x+")
    #expect(constant.exitCode == 65)
    #expect(constant.errors.contains("read as a regular expression"), "\(constant.errors)")
    #expect(constant.errors.contains("quotes, line-length, word-start and label=name"))
    let json = try await show("units", "--unit", "output.3", "--format", "json", input: "abc")
    let row = try #require(try jsonLines(json.output).first)
    #expect(try row.field("values").elements().count == 3)
    #expect(try row.string("unit") == "output.3")
  }

  @Test("units that follow a label of a table, whose first text with it is shown")
  func label() async throws {
    let table = "text,label\nThe sea,calm\nThe boat,wild\nThe harbour,wild\n"
    let result = try await show(
      "units", "--find", "label=wild", "--top", "2", "--format", "json", input: table)
    #expect(result.exitCode == 0, "\(result.errors)")
    let row = try #require(try jsonLines(result.output).first)
    #expect(try row.field("tokens").elements().map { try $0.string() }.joined() == "The boat")
    let found = try row.field("units").elements().map { abs(try $0.double("correlation")) }
    #expect(found.count == 2 && found[0] >= found[1] && found[1] > 0)
    let unknown = try await show("units", "--find", "label=tame", input: table)
    #expect(unknown.exitCode == 65)
    #expect(
      unknown.errors.contains(
        #"no text has the label "tame": the labels are "calm", "wild""#))
    for (options, message) in [
      (["--find", "label="], "must have a label's name"),
      (["--find", "label=wild", "--documents", "line"], "change nothing with --find label="),
    ] {
      let folder = try await ToolModel.folder()
      let refused = try await folder.run(["show", "units"] + options, input: table)
      #expect(refused.exitCode == 64 && refused.errors.contains(message), "\(refused.errors)")
    }
  }

  @Test("memory: refused by an LSTM, shown by a transformer")
  func memory() async throws {
    let refused = try await show("memory")
    #expect(refused.exitCode == 65 && refused.output.isEmpty)
    #expect(refused.errors.contains("lstm") && refused.errors.contains("transformer"))
    let folder = try ToolFolder()
    try folder.write(try ToolCorpora.harbour(characters: 4000), to: "corpus.txt")
    let trained = try await folder.run(
      "train", "corpus.txt", "--arch", "transformer", "--set", "layers=1", "--set",
      "hidden_size=16", "--set", "heads=2", "--set", "context=12", "--batch-size", "4",
      "--seq-length", "16", "--max-steps", "2", "--no-samples", "-t", "1")
    #expect(trained.exitCode == 0, "\(trained.errors)")
    let shown = try await folder.run(["show", "memory", "-n", "5"], input: "The sea <b>")
    #expect(shown.exitCode == 0, "\(shown.errors)")
    #expect(shown.lines.count { $0.hasPrefix("attention layer 1 head ") } == 2)
    #expect(shown.lines.contains("  ·The s") || shown.lines.contains("  ·The␣s"))
    let json = try await folder.run(
      ["show", "memory", "-n", "5", "--format", "json"], input: "The sea")
    let row = try #require(try jsonLines(json.output).first)
    let map = try #require(try row.field("maps").elements().first)
    #expect(try map.string("over") == "text")
    #expect(try map.field("weights").elements().count == 6)
    let page = try await folder.run(
      ["show", "memory", "--html", "page.html"], input: "The sea <b>")
    #expect(page.exitCode == 0)
    #expect(try !folder.text("page.html").contains("<b>"))
    #expect(try folder.text("page.html").contains(">b</text>"))
  }

  @Test("loss: tables whose tokens are all of the text")
  func loss() async throws {
    let result = try await show("loss")
    #expect(result.exitCode == 0, "\(result.errors)")
    for heading in ["class ", "script ", "position in line ", "position in document "] {
      #expect(result.lines.contains { $0.hasPrefix(heading) }, "\(heading)")
    }
    let json = try await show("loss", "--format", "json", "--documents", "line")
    let row = try #require(try jsonLines(json.output).first)
    for table in try row.field("tables").elements() {
      let counts = try table.field("groups").elements().map { try $0.int("tokens") }
      #expect(try counts.reduce(0, +) == row.int("tokens"))
    }
  }

  @Test("nothing to show is an error", arguments: ["surprisal", "units", "memory", "loss"])
  func empty(command: String) async throws {
    let result = try await show(command, input: "")
    #expect(result.exitCode == 65 && result.output.isEmpty)
    let both = try await show(command, "--html", "x.html", "--format", "json")
    #expect(both.exitCode == 64 && both.errors.contains("--html"))
  }

  #if os(Linux)
    @Test("colours on a terminal, which gets no orders from the text")
    func terminal() async throws {
      let folder = try await ToolModel.folder()
      let text = try ToolFolder()
      try text.write("Zq日 \u{1B}[2J boat", to: "text.txt")
      let terminal = try PseudoTerminal(columns: 40)
      let process = try folder.start(
        ["show", "surprisal", text.path("text.txt"), "--guesses", "1"], terminal: terminal.path)
      _ = try await process.waitUntil {
        terminal.read()
        return process.hasEnded
      }
      terminal.read()
      #expect(terminal.text.contains("\u{1B}[38;5;16;48;5;"))
      #expect(terminal.text.contains("␛") && !terminal.text.contains("\u{1B}[2J"))
    }
  #endif
}
