import Foundation
import Testing
import TextLMTensors

@Suite("from a text to a text", .serialized)
struct EndToEndTests {
  @Test("train and generate with nothing but a text and a short time")
  func twoCommands() async throws {
    let folder = try ToolFolder()
    try folder.write(try ToolCorpora.harbour(characters: 200_000), to: "corpus.txt")
    let training = try await folder.run("train", "corpus.txt", "--budget", "3s")
    #expect(training.exitCode == 0, "\(training.errors)")
    // The choice is explained.
    #expect(training.errors.contains("chosen: "))
    #expect(training.errors.contains("because 184760 characters in 3 s"))
    let text = try await folder.run("generate")
    #expect(text.exitCode == 0)
    #expect(text.output.count > 1)
    // It has learned: it predicts better than the characters' frequencies do.
    let characters = Array(try folder.text("corpus.txt").unicodeScalars)
    let total = Double(characters.count)
    let entropy = Dictionary(grouping: characters) { $0 }.values.reduce(0) { sum, equal in
      sum - Double(equal.count) / total * log(Double(equal.count) / total)
    }
    let scored = try await folder.run("score", "corpus.txt", "--format", "json")
    #expect(try jsonLines(scored.output)[0].double("nats_per_token") < entropy)
  }

  @Test("--budget ends in time, with its last evaluation and save")
  func budget() async throws {
    let folder = try ToolFolder()
    try folder.write(try ToolCorpora.harbour(characters: 60_000), to: "corpus.txt")
    let result = try await folder.run(
      ["train", "corpus.txt", "--budget", "5s", "--format", "json"] + ToolModel.small)
    #expect(result.exitCode == 0, "\(result.errors)")
    let row = try #require(try jsonLines(result.output).first)
    let seconds = try row.double("elapsed_seconds")
    #expect(seconds > 3 && seconds < 7, "\(seconds)")
    #expect(result.seconds > 3 && result.seconds < 10, "\(result.seconds)")
    #expect(try row.int("steps") > 10)
    // The learning rate has come down to a hundredth of 0.01.
    let last = try jsonLines(folder.text("model.textlm/log.jsonl"))
      .last { try $0.string("event") == "step" }
    #expect(try #require(last).double("learning_rate") < 0.001)
  }

  @Test("one seed and --max-steps give one file, whatever runs beside and however many threads")
  func determinism() async throws {
    var digests: [Data] = []
    var checksums: [String?] = []
    for threads in ["1", "1", "2"] {
      let folder = try ToolFolder()
      try folder.write(try ToolCorpora.scripts(), to: "corpus.txt")
      let result = try await folder.run(
        "train", "corpus.txt", "--layers", "2", "--hidden-size", "40", "--dropout", "0.2",
        "--batch-size", "6", "--seq-length", "20", "--lr", "0.01", "--max-steps", "25",
        "--eval-every", "10", "--seed", "11", "--threads", threads)
      #expect(result.exitCode == 0, "\(result.errors)")
      let bytes = try folder.bytes("model.textlm/model.safetensors")
      digests.append(bytes)
      let file = try SafetensorsFile(reading: Array(bytes), checksums: .required)
      checksums.append(file.metadata("checksum"))
    }
    #expect(digests[0] == digests[1])
    // The file holds the command line, and so the number of threads; the weights are the same.
    #expect(checksums[0] != nil && checksums[0] == checksums[2])
  }

  @Test("--threads is obeyed: so many threads compute")
  func threads() async throws {
    guard FileManager.default.fileExists(atPath: "/proc/self/task") else { return }
    for count in [1, 3] {
      let folder = try ToolFolder()
      try folder.write(try ToolCorpora.harbour(characters: 20_000), to: "corpus.txt")
      let process = try folder.start([
        "train", "corpus.txt", "--layers", "1", "--hidden-size", "64", "--batch-size", "24",
        "--seq-length", "32", "--max-steps", "100000", "-v", "-t", "\(count)", "--lr", "0.001",
      ])
      #expect(try await process.waitUntil { process.errorsSoFar.contains("\nstep 5 ") })
      let tasks = try FileManager.default.contentsOfDirectory(
        atPath: "/proc/\(process.process)/task")
      process.send(SIGKILL)
      _ = try await process.wait()
      #expect(tasks.count == count)
    }
  }
}
