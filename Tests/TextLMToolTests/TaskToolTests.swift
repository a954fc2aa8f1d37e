import Foundation
import Testing
import TextLM

@Suite("task")
struct TaskToolTests {
  private static let small = [
    "--with", "delay=1", "--with", "symbols=2", "--with", "length=6", "--with", "min_length=6",
    "--with", "test_length=8", "--hidden-size", "8", "--layers", "1", "--batch-size", "8",
  ]

  @Test("is solved, told as text and as JSON, and leaves a report")
  func solving() async throws {
    let folder = try ToolFolder()
    let arguments =
      ["task", "delayed-echo", "--max-steps", "1500", "--lr", "0.02", "--constant-rate"]
      + Self.small
    let text = try await folder.run(arguments + ["-o", "a"])
    #expect(text.exitCode == 0, "\(text.errors)")
    #expect(text.output.contains("delayed-echo with lstm: solved in "))
    #expect(text.output.contains("the goal is 99 % of the answers right"))
    #expect(text.errors.contains("delayed-echo with lstm, "))
    let json = try await folder.run(arguments + ["-o", "b", "--format", "json", "-q"])
    let row = try #require(try jsonLines(json.output).first)
    #expect(try row.string("architecture") == "lstm" && row.bool("solved"))
    #expect(try row.field("best").field("trained").double("accuracy") >= 0.99)
    #expect(try row.int("steps") < 1500 && json.errors.isEmpty)
    let report = try String(contentsOfFile: folder.path("a/report.html"), encoding: .utf8)
    #expect(report.contains("part of the answers right"))
    let again = try await folder.run(arguments + ["-o", "a"])
    #expect(again.exitCode == 64 && again.errors.contains("already holds a training run"))
    let other = try await folder.run(arguments + ["-o", "a", "--overwrite", "--keep-going", "-q"])
    #expect(other.output.contains("in 1,500 steps"))
  }

  @Test("goes on after a stop, with what it began with")
  func resuming() async throws {
    let folder = try ToolFolder()
    func run(_ steps: Int, _ more: [String] = []) async throws -> ToolResult {
      try await folder.run(["task", "delayed-echo", "--max-steps", "\(steps)", "-o", "a"] + more)
    }
    #expect(try await run(3, Self.small).exitCode == 0)
    let resumed = try await run(6, ["--resume", "--with", "delay=1", "--layers", "1"])
    #expect(resumed.exitCode == 0, "\(resumed.errors)")
    #expect(resumed.output.contains("in 6 steps"))
    for (arguments, text) in [
      (["--with", "delay=2"], "--with delay is 2, but the run began with 1"),
      (["--hidden-size", "9"], "--hidden-size is 9, but the run began with 8"),
      (["--arch", "nothing"], "--arch is nothing, but the run began with lstm"),
      (["--bidirectional"], "--bidirectional is given, but the run began with it off"),
      (["--curriculum"], "--curriculum is given"), (["--seed", "9"], "--seed is 9"),
      (["--batch-size", "9"], "--batch-size is 9"), (["--lr", "9"], "--lr is 9"),
    ] {
      let result = try await run(6, ["--resume"] + arguments)
      #expect(result.exitCode == 64 && result.errors.contains(text), "\(result.errors)")
    }
    let other = try await folder.run("task", "parity", "--resume", "-o", "a")
    #expect(other.exitCode == 64)
    #expect(other.errors.contains("holds a training of the task delayed-echo, not parity"))
  }

  @Test("what makes no sense is refused")
  func refusals() async throws {
    let folder = try ToolFolder()
    for (arguments, text) in [
      (["cpoy"], "no task is called cpoy; known: copy, repeat-copy"),
      (["copy", "--with", "bytes=3"], "copy has no hyperparameter bytes; it has\n  bits (a whole"),
      (["copy", "--with", "bits"], "--with is bits, but must be key=value"),
      (["mqar", "--with", "length=40"], "only 32 different keys"),
      (["copy", "--embedding-size", "8"], "copy is read as vectors"),
      (["copy", "--budget", "5x"], "--budget is 5x, but must be a time"),
      (["copy", "--budget", "5m", "--max-steps", "3"], "give one of --budget and --max-steps"),
      (["copy", "--max-steps", "0"], "--max-steps is 0, but must be from 1"),
      (["copy", "--warmup-steps", "-1"], "--warmup-steps is -1, but must be 0 or more"),
      (["copy", "--arch", "nothing"], "no architecture is called nothing"),
      (["copy", "--set", "heads=2"], "lstm has no hyperparameter heads; it has"),
      (["copy", "--resume"], "holds no training run to go on with"),
      (["copy", "--resume", "--overwrite"], "cannot be given together"),
    ] {
      let result = try await folder.run(["task"] + arguments)
      #expect(result.exitCode == 64, "\(arguments)")
      #expect(result.errors.contains(text), "\(result.errors)")
    }
  }
}
