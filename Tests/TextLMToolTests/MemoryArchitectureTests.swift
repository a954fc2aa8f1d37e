import TextLM
import TextLMTensors
import Testing

@Suite("train --arch ntm, dnc, mann")
struct MemoryArchitectureTests {
  private static let options = [
    "ntm": ["controller=feed-forward", "slots=6", "slot_size=3", "read_heads=2", "write_heads=2"],
    "dnc": ["slots=6", "slot_size=3", "usage_gradient=0"],
    "mann": ["slots=6", "slot_size=3", "heads=2", "key_strength=1"],
  ]

  @Test("train, resume bit by bit and write", arguments: ["ntm", "dnc", "mann"])
  func trains(name: String) async throws {
    let folder = try ToolFolder()
    try folder.write(try ToolCorpora.harbour(characters: 6000), to: "corpus.txt")
    let options = try #require(Self.options[name]).flatMap { ["--set", $0] }
    func train(_ path: String, _ steps: Int, _ more: [String] = []) async throws -> ToolResult {
      try await folder.run(
        [
          "train", "corpus.txt", "-o", path, "--schedule", "constant", "--max-steps", "\(steps)",
          "--arch", name, "--hidden-size", "12", "--embedding-size", "6", "--batch-size", "4",
          "--seq-length", "12", "--lr", "0.01", "-t", "1",
        ] + options + more)
    }
    let whole = try await train("whole.textlm", 8)
    #expect(whole.exitCode == 0, "\(whole.errors)")
    #expect(try await train("parts.textlm", 4).exitCode == 0)
    let resumed = try await train("parts.textlm", 8, ["--resume"])
    #expect(resumed.exitCode == 0, "\(resumed.errors)")
    let scores = try ["whole", "parts"].map {
      try TextModel(contentsOf: folder.path("\($0).textlm")).score("the harbour").nats
    }
    #expect(scores[0] == scores[1] && scores[0].isFinite)
    let inspected = try await folder.run("inspect", "whole.textlm")
    #expect(inspected.output.contains("slot_size"))
    let written = try await folder.run(
      "generate", "-m", "whole.textlm", "-n", "20", "--seed", "1")
    #expect(written.exitCode == 0 && written.output.count >= 20, "\(written.errors)")
  }

  @Test(
    "a memory that cannot be is refused with the numbers",
    arguments: [
      ("ntm", ["slots=0"], "slots is 0, but must be a whole number from 1 to"),
      ("dnc", ["read_heads=0"], "read_heads is 0, but must be"),
      ("mann", ["slots=2", "heads=3"], "3 heads need 3 slots or more, but there are 2"),
      ("ntm", ["controller=gru"], "controller is gru, but must be lstm or feed-forward"),
    ])
  func refusals(name: String, settings: [String], text: String) async throws {
    let folder = try ToolFolder()
    try folder.write(try ToolCorpora.harbour(characters: 3000), to: "corpus.txt")
    let result = try await folder.run(
      ["train", "corpus.txt", "--dry-run", "--arch", name] + settings.flatMap { ["--set", $0] })
    #expect(result.exitCode != 0)
    #expect(result.errors.contains(text), "\(result.errors)")
  }
}
