import Foundation
import Testing
import TextLMTensors
import TextLMTestSupport

@Suite("stopping and going on", .serialized)
struct StoppingTests {
  private func folder() throws -> ToolFolder {
    let folder = try ToolFolder()
    try folder.write(try ToolCorpora.harbour(characters: 6000), to: "corpus.txt")
    return folder
  }

  private func command(_ arguments: String...) -> [String] {
    ["train", "corpus.txt", "--dropout", "0.1", "-v"] + arguments + ToolModel.small
  }

  @Test(
    "SIGINT, SIGTERM and SIGHUP save and exit 130, 143 and 129; the run goes on to the same model")
  func stop() async throws {
    let whole = try folder()
    let arguments = command("--max-steps", "400", "--eval-every", "90", "--precision", "float32")
    #expect(try await whole.run(arguments).exitCode == 0)
    let model = try whole.bytes("model.textlm/model.safetensors")
    for (signal, exitCode) in [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129)] as [(Int32, Int32)] {
      #expect(try await stopTwice(arguments, signal, exitCode: exitCode) == model, "\(exitCode)")
    }
  }

  /// The model of a run that a signal has stopped twice.
  private func stopTwice(
    _ arguments: [String], _ signal: Int32, exitCode: Int32
  ) async throws -> Data {
    let folder = try folder()
    // Twice: before the first evaluation, where a model is saved only because of the stop, and
    // behind it.
    for (round, step) in [30, 200].enumerated() {
      let process = try folder.start(arguments + (round == 0 ? [] : ["--resume"]))
      #expect(try await process.waitUntil { process.errorsSoFar.contains("\nstep \(step) ") })
      let begin = ContinuousClock.now
      process.send(signal)
      let result = try await process.wait()
      #expect(result.exitCode == exitCode, "\(result.errors.suffix(500))")
      #expect(ContinuousClock.now - begin < .seconds(5))
      #expect(result.errorLines.last == "stopped and saved: go on with --resume")
      #expect(folder.contains("model.textlm/model.safetensors"))
    }
    let rest = try await folder.run(arguments + ["--resume"])
    #expect(rest.exitCode == 0, "\(rest.errors)")
    #expect(try steps(folder) == Array(1...400))
    return try folder.bytes("model.textlm/model.safetensors")
  }

  @Test("a stop does not wait for an evaluation")
  func stopInEvaluation() async throws {
    let folder = try folder()
    try folder.write(try ToolCorpora.harbour(characters: 400_000), to: "long.txt")
    // Reading all of the long text would take much longer than a stop may.
    let arguments = [
      "train", "corpus.txt", "--validation", "long.txt", "--layers", "2", "--hidden-size", "512",
      "--batch-size", "4", "--seq-length", "16", "--max-steps", "3", "--eval-every", "1", "-t", "1",
      "-v",
    ]
    let process = try folder.start(arguments)
    #expect(try await process.waitUntil { process.errorsSoFar.contains("\nstep 1 ") })
    try await Task.sleep(for: .milliseconds(300))
    let begin = ContinuousClock.now
    process.send(SIGINT)
    let result = try await process.wait()
    #expect(ContinuousClock.now - begin < .seconds(5))
    #expect(result.exitCode == 130, "\(result.errors.suffix(500))")
    #expect(!result.errors.contains("validation "), "\(result.errors.suffix(500))")
    #expect(folder.contains("model.textlm/model.safetensors"))
    let sample = try await folder.run("generate", "--max-tokens", "5")
    #expect(sample.exitCode == 0, "\(sample.errors)")
  }

  private func steps(_ folder: ToolFolder) throws -> [Int] {
    try jsonLines(folder.text("model.textlm/log.jsonl"))
      .filter { try $0.string("event") == "step" }.map { try $0.int("step") }
  }

  @Test("a second signal, whichever, ends at once; the saved state goes on")
  func secondSignal() async throws {
    let folder = try folder()
    // One step takes long enough for a second signal to come before it is done.
    let arguments = [
      "train", "corpus.txt", "--layers", "2", "--hidden-size", "512", "--batch-size", "24",
      "--seq-length", "120", "--max-steps", "1000", "--save-every", "1", "-t", "1", "-v",
    ]
    let process = try folder.start(arguments)
    #expect(try await process.waitUntil { process.errorsSoFar.contains("\nstep 2 ") })
    process.send(SIGINT)
    process.send(SIGTERM)
    let begin = ContinuousClock.now
    let result = try await process.wait()
    #expect(ContinuousClock.now - begin < .seconds(2))
    // Both may come at the same moment, in either order, or between steps.
    #expect(result.signal == SIGTERM || result.signal == SIGINT || result.exitCode != 0)
    let resumed = try await folder.run(
      "train", "corpus.txt", "--resume", "--max-steps", "3", "-t", "1")
    #expect(resumed.exitCode == 0, "\(resumed.errors)")
  }

  @Test("a signal that the caller ignores stays ignored, as with nohup")
  func ignored() async throws {
    let folder = try folder()
    let process = try ToolProcess(
      command("--max-steps", "300"), in: folder.path, prelude: "trap '' HUP")
    #expect(try await process.waitUntil { process.errorsSoFar.contains("\nstep 5 ") })
    process.send(SIGHUP)
    #expect(try await process.wait().exitCode == 0)
  }

  @Test("killed at 20 random moments and resumed, the model is that of an uninterrupted run")
  func killed() async throws {
    try await kill(times: 20, seed: 1, steps: 600)
  }

  @Test(
    "killed at 200 random moments",
    .tags(.slow), .enabled(if: slowTestsAreEnabled, "TEXTLM_SLOW_TESTS is not 1"))
  func killedOften() async throws {
    try await kill(times: 200, seed: 2, steps: 6000)
  }

  private func kill(times: Int, seed: UInt64, steps: Int) async throws {
    let arguments = command(
      "--max-steps", "\(steps)", "--save-every", "3", "--eval-every", "50", "--precision",
      "float32")
    let whole = try folder()
    let full = try await whole.run(arguments)
    #expect(full.exitCode == 0, "\(full.errors)")

    let folder = try folder()
    var random = SplitMix(state: seed)
    var killCount = 0
    for round in 0..<times {
      let isBegun = folder.contains("model.textlm/state.safetensors")
      let process = try folder.start(arguments + (isBegun ? ["--resume"] : []))
      // Every other time in the middle of training, otherwise while it starts or reads its state.
      let fraction = Double(random.next() % 1000) / 1000
      if round % 2 == 0 {
        #expect(try await process.waitUntil { process.errorsSoFar.contains("\nstep ") })
        try await Task.sleep(for: .seconds(full.seconds * 1.5 * fraction / Double(times)))
      } else {
        try await Task.sleep(for: .milliseconds(60 * fraction))
      }
      process.send(SIGKILL)
      let result = try await process.wait()
      if result.signal == SIGKILL {
        killCount += 1
      } else {
        // It was done before: then every later start only finds that out.
        #expect(result.exitCode == 0, "\(result.errors.suffix(500))")
      }
    }
    #expect(killCount > times / 2, "only \(killCount) of \(times) kills came in time")
    let rest = try await folder.run(arguments + ["--resume"])
    #expect(rest.exitCode == 0, "\(rest.errors.suffix(500))")
    #expect(
      try folder.bytes("model.textlm/model.safetensors")
        == whole.bytes("model.textlm/model.safetensors"))
    #expect(try self.steps(folder) == Array(1...steps))
    #expect(try folder.names(in: "model.textlm").filter { $0.hasPrefix(".tmp") } == [])
  }
}

/// Reproducible moments.
private struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
