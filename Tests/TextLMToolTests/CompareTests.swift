import Foundation
import Testing
import TextLM

@Suite("compare")
struct CompareTests {
  private func folder() throws -> ToolFolder {
    let folder = try ToolFolder()
    try folder.write(try ToolCorpora.harbour(characters: 3000), to: "corpus.txt")
    return folder
  }

  @Test("trains each for its time and prints a table, and models can be used")
  func comparing() async throws {
    let folder = try folder()
    let result = try await folder.run(
      "compare", "corpus.txt", "--arch", "lstm", "--budget", "2s", "-o", "a", "-t", "1")
    #expect(result.exitCode == 0, "\(result.errors)")
    let lines = result.output.split(separator: "\n").map(String.init)
    #expect(lines.count == 3 && lines.allSatisfy { $0.hasPrefix("| ") && $0.hasSuffix(" |") })
    #expect(lines[0].contains("| architecture | "))
    #expect(lines[2].hasPrefix("|   1 | lstm "))
    let text = try await folder.run("generate", "-m", "a/lstm", "-n", "5", "-q")
    #expect(text.exitCode == 0)

    // It has ended, and says so again without training.
    let again = try await folder.run(
      "compare", "corpus.txt", "--resume", "-o", "a", "--format", "json", "-q")
    let row = try #require(try jsonLines(again.output).first)
    let best = try #require(try row.field("ranking").elements().first)
    let model = try TextModel(contentsOf: folder.path("a/lstm"))
    #expect(
      try JSONField(model.card, path: "card").field("validation").double("nats_per_token")
        == best.double("nats_per_token"))
    #expect(try best.int("parameters") == model.parameterCount)
    #expect(try best.double("written_per_second") > 0 && best.int("peak_bytes") > 1 << 20)
    #expect(try best.double("elapsed_seconds") < 2.3)
    let other = try await folder.run("compare", "corpus.txt", "--resume", "-o", "a", "--seed", "4")
    #expect(other.exitCode == 64 && other.errors.contains("--seed is 4, but the run began with 1"))
    let refused = try await folder.run("compare", "corpus.txt", "-o", "a", "--budget", "1s")
    #expect(refused.exitCode == 64 && refused.errors.contains("already holds a training run"))
  }

  @Test("--params sizes each, and --set goes to one of them")
  func sizes() async throws {
    let folder = try folder()
    let result = try await folder.run(
      "compare", "corpus.txt", "--arch", "lstm", "--budget", "1s", "--params", "30K", "--set",
      "lstm.layers=1", "--format", "json", "-q")
    #expect(result.exitCode == 0, "\(result.errors)")
    let row = try #require(try jsonLines(result.output).first)
    let best = try #require(try row.field("ranking").elements().first)
    #expect(abs(Double(try best.int("parameters")) / 30_000 - 1) <= 0.02)
    let inspected = try await folder.run("inspect", "-m", "compared.textlm/lstm")
    #expect(inspected.output.contains("weight_hh_l0") && !inspected.output.contains("weight_hh_l1"))
  }

  @Test("goes on after a signal")
  func resuming() async throws {
    let folder = try folder()
    let process = try folder.start([
      "compare", "corpus.txt", "--arch", "lstm", "--budget", "5s", "-t", "1",
    ])
    #expect(try await process.waitUntil { process.errorsSoFar.contains("saved)") })
    process.send(SIGINT)
    let stopped = try await process.wait()
    #expect(stopped.exitCode == 130, "\(stopped.errors)")
    #expect(stopped.errors.contains("stopped and saved: go on with --resume"))
    let again = try await folder.run("compare", "corpus.txt", "--resume", "-t", "1")
    #expect(again.exitCode == 0, "\(again.errors)")
    #expect(again.output.contains("|   1 | lstm "))
  }

  @Test("what makes no sense is refused")
  func refusals() async throws {
    let folder = try folder()
    for (arguments, text) in [
      (["--arch", "lstm,lstm"], "must name each architecture once"),
      (["--arch", "lstm,nothing"], "no architecture is called nothing"),
      (["--budget", "soon"], "--budget is soon, but must be a time"),
      (["--params", "many"], "--params is many, but must be a number of parameters"),
      (["--set", "layers=1"], "--set is layers=1, but must be arch.key=value"),
      (["--set", "lstm.heads=1"], "lstm has no hyperparameter heads"),
      (["--params", "1M", "--set", "lstm.hidden_size=8"], "leave --set lstm.hidden_size away"),
      (["--resume"], "holds no training run to go on with"),
    ] {
      let result = try await folder.run(["compare", "corpus.txt"] + arguments)
      #expect(result.exitCode == 64, "\(arguments)")
      #expect(result.errors.contains(text), "\(result.errors)")
    }
  }
}
