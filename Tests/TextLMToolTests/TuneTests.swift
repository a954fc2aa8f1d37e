import Foundation
import Testing
import TextLM

@Suite("tune")
struct TuneTests {
  private func folder() throws -> ToolFolder {
    let folder = try ToolFolder()
    try folder.write(try ToolCorpora.harbour(characters: 3000), to: "my corpus.txt")
    return folder
  }

  @Test("ends in time with a table, JSON, a usable model and a command that works")
  func search() async throws {
    let folder = try folder()
    let result = try await folder.run(
      "tune", "my corpus.txt", "--budget", "4s", "--candidates", "3", "--format", "json",
      "--case", "fold", "-t", "1")
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(result.seconds < 5.5)
    let row = try #require(try jsonLines(result.output).first)
    #expect(try row.field("rungs").elements().map { try $0.int() } == [3, 1])
    #expect(try row.field("results").elements().count == 4)
    #expect(try row.double("elapsed_seconds") < 4.2)
    let best = try row.field("best")
    let model = try TextModel(contentsOf: folder.path("tuned.textlm"))
    #expect(
      try JSONField(model.card, path: "card").field("validation").double("nats_per_token")
        == best.double("nats_per_token"))
    #expect(result.errors.contains("3, then 1 candidates in 4s, seed 1"))
    #expect(
      try result.errorLines.count {
        try $0.firstMatch(of: Regex(" [12] .*[0-9]\\.[0-9]{4}")) != nil
      }
        >= 8, "\(result.errors)")

    let command = try row.string("command")
    #expect(command.hasPrefix("textlm train 'my corpus.txt' --case fold -t 1 --layers "))
    #expect(command.hasSuffix(" --budget 4s"))
    let words = command.split(separator: " ").dropFirst(4).map(String.init)
    let dry = try await folder.run(["train", "my corpus.txt"] + words + ["--dry-run"])
    #expect(dry.exitCode == 0, "\(dry.errors)")
    let text = try await folder.run("generate", "-m", "tuned.textlm", "-n", "5", "-q")
    #expect(text.exitCode == 0)
  }

  @Test("goes on after a signal")
  func resuming() async throws {
    let folder = try folder()
    let process = try folder.start([
      "tune", "my corpus.txt", "--budget", "6s", "--candidates", "3", "-t", "1", "--seed", "3",
    ])
    #expect(try await process.waitUntil { process.errorsSoFar.contains("saved\n") })
    process.send(SIGINT)
    let stopped = try await process.wait()
    #expect(stopped.exitCode == 130, "\(stopped.errors)")
    #expect(stopped.errors.contains("stopped and saved: go on with --resume"))
    let other = try await folder.run("tune", "my corpus.txt", "--resume", "--seed", "4")
    #expect(other.exitCode == 64)
    #expect(other.errors.contains("--seed is 4, but the run began with 3"))
    let again = try await folder.run(
      "tune", "my corpus.txt", "--resume", "--format", "json", "-q", "-t", "1")
    #expect(again.exitCode == 0, "\(again.errors)")
    #expect(
      try #require(try jsonLines(again.output).first).field("results").elements().count == 4)
  }

  @Test("what makes no sense is refused")
  func refusals() async throws {
    let folder = try folder()
    for (arguments, code, text) in [
      (["--budget", "soon"], 64, "--budget is soon, but must be a time"),
      (["--candidates", "1"], 64, "--candidates is 1, but must be from 2 to 1000"),
      (["--resume", "--overwrite"], 64, "cannot be given together"),
      (["--resume"], 64, "holds no training run to go on with"),
    ] as [([String], Int32, String)] {
      let result = try await folder.run(["tune", "my corpus.txt"] + arguments)
      #expect(result.exitCode == code, "\(arguments)")
      #expect(result.errors.contains(text), "\(result.errors)")
    }
  }
}
