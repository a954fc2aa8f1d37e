import Foundation
import Testing
import TextLM

@Suite("train --folds")
struct FoldToolTests {
  private func folder() throws -> ToolFolder {
    let folder = try ToolFolder()
    try folder.write(try ToolCorpora.harbour(characters: 3000), to: "corpus.txt")
    return folder
  }

  private func command(_ arguments: String...) -> [String] {
    ["train", "corpus.txt"] + ToolModel.small + arguments
  }

  @Test("prints each fold, mean and standard deviation, as JSON and in words, and keeps them")
  func results() async throws {
    let folder = try folder()
    let result = try await folder.run(
      command("--folds", "3", "--max-steps", "8", "--format", "json", "--seed", "4"))
    #expect(result.exitCode == 0, "\(result.errors)")
    let row = try #require(try jsonLines(result.output).first)
    let folds = try row.field("results").elements()
    #expect(try folds.map { try $0.int("fold") } == [1, 2, 3])
    #expect(try folds.map { try $0.int("characters") } == [1000, 1000, 1000])
    let nats = try folds.map { try $0.field("validation").double("nats_per_token") }
    let mean = nats.reduce(0, +) / 3
    let deviation = (nats.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 2).squareRoot()
    #expect(abs(try row.field("mean").double("nats_per_token") - mean) < 1e-12)
    #expect(
      abs(try row.field("standard_deviation").double("nats_per_token") - deviation) < 1e-12)
    #expect(result.errors.contains("fold 3 of 3\n"))
    #expect(
      try result.errors.contains(
        Regex("model.textlm: 3 folds in [0-9]+s, [0-9.]+ ± [0-9.]+ nats per token\n")))
    let stored = try #require(try jsonLines(folder.text("model.textlm/folds.json")).first)
    #expect(try stored.field("mean").value == row.field("mean").value)
    #expect(
      try folder.names(in: "model.textlm").filter { !$0.hasPrefix(".") }
        == ["fold-1", "fold-2", "fold-3", "folds.json"])
    let text = try await folder.run("generate", "-m", "model.textlm/fold-2", "-n", "5", "-q")
    #expect(text.exitCode == 0)
  }

  @Test("goes on after a signal to the same results")
  func resuming() async throws {
    let whole = try folder()
    let arguments = command("--folds", "3", "--max-steps", "200", "--precision", "float32", "-v")
    #expect(try await whole.run(arguments).exitCode == 0)
    let folder = try folder()
    let process = try folder.start(arguments)
    #expect(
      try await process.waitUntil {
        process.errorsSoFar.contains("fold 2 of 3") && process.errorsSoFar.contains("\nstep 20 ")
      })
    process.send(SIGINT)
    let stopped = try await process.wait()
    #expect(stopped.exitCode == 130, "\(stopped.errors.suffix(300))")
    let again = try await folder.run("train", "corpus.txt", "--resume", "--format", "json")
    #expect(again.exitCode == 0, "\(again.errors)")
    let expected = try #require(try jsonLines(whole.text("model.textlm/folds.json")).first)
    let found = try #require(try jsonLines(again.output).first)
    #expect(try found.field("mean").value == expected.field("mean").value)
    #expect(
      try found.field("standard_deviation").value == expected.field("standard_deviation").value)
  }

  @Test("what contradicts it is refused")
  func refusals() async throws {
    let folder = try folder()
    for (arguments, text) in [
      (["--folds", "1"], "--folds is 1, but must be from 2 to 1000"),
      (["--folds", "3", "--validation-fraction", "0.2"], "leave --validation"),
      (["--folds", "3", "--split", "streams"], "leave --validation"),
      (["--folds", "3", "--validation", "corpus.txt"], "leave --validation"),
    ] {
      let result = try await folder.run(command("--max-steps", "2") + arguments)
      #expect(result.exitCode == 64, "\(arguments)")
      #expect(result.errors.contains(text), "\(result.errors)")
    }
    #expect(try await folder.run(command("--folds", "2", "--max-steps", "2")).exitCode == 0)
    for (arguments, text) in [
      (["--resume", "--folds", "3"], "--folds is 3, but the run began with 2"),
      (["--resume", "--max-steps", "9"], "leave --budget, --epochs and --max-steps away"),
      (["--resume", "--hidden-size", "9"], "--hidden-size is 9, but the run began with 24"),
      (["--folds", "2"], "already holds a training run"),
      ([], "already holds a training run"),
    ] {
      let result = try await folder.run(["train", "corpus.txt"] + arguments)
      #expect(result.exitCode == 64, "\(arguments)")
      #expect(result.errors.contains(text), "\(arguments): \(result.errors)")
    }
    #expect(
      try await folder.run(command("--max-steps", "2", "-o", "plain")).exitCode == 0)
    let plain = try await folder.run(
      "train", "corpus.txt", "--resume", "--folds", "2", "-o", "plain")
    #expect(plain.errors.contains("--folds is 2, but the run began with none"))
  }
}
