import Testing
import TextLM

@Suite("train --arch for attention, convolutions and memory networks")
struct AttentionArchitectureToolTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let settings: [String]
    var testDescription: String { ([name] + settings).joined(separator: " ") }
  }

  static let cases = [
    Case(name: "transformer", settings: ["layers=2", "hidden_size=16", "heads=2", "context=12"]),
    Case(
      name: "transformer",
      settings: ["layers=2", "hidden_size=16", "heads=2", "context=8", "positions=absolute"]),
    Case(name: "tcn", settings: ["layers=2", "hidden_size=12", "kernel_size=2"]),
    Case(
      name: "wavenet",
      settings: ["layers=3", "cycle=2", "hidden_size=12", "skip_size=10", "kernel_size=2"]),
    Case(name: "attention-lstm", settings: ["hidden_size=12", "window=5"]),
    Case(name: "attention-lstm", settings: ["hidden_size=12", "window=5", "attention=additive"]),
    Case(
      name: "memn2n",
      settings: ["hidden_size=12", "hops=2", "memory_size=8", "slot_size=2", "query_size=3"]),
    Case(
      name: "kv-memory",
      settings: ["hidden_size=12", "key_size=6", "memory_size=8", "hops=2"]),
  ]

  @Test("Trains, resumes bit by bit, scores the same in parts, and generates", arguments: cases)
  func whole(_ tested: Case) async throws {
    let folder = try ToolFolder()
    try folder.write(try ToolCorpora.harbour(characters: 6000), to: "corpus.txt")
    func train(_ name: String, _ steps: Int, _ more: [String] = []) async throws {
      let result = try await folder.run(
        [
          "train", "corpus.txt", "-o", name, "--arch", tested.name, "--schedule", "constant",
          "--max-steps", "\(steps)", "--batch-size", "4", "--seq-length", "16", "--lr", "0.003",
          "--warmup-steps", "0", "--eval-every", "3",
          "-t", "1",
        ] + tested.settings.flatMap { ["--set", $0] } + more)
      #expect(result.exitCode == 0, "\(result.errors)")
    }
    try await train("whole.textlm", 6)
    try await train("parts.textlm", 3)
    try await train("parts.textlm", 6, ["--resume"])
    let models = try ["whole", "parts"].map {
      try TextModel(contentsOf: folder.path("\($0).textlm"))
    }
    let scores = try models.map { try $0.score("the harbour at night").nats }
    #expect(scores[0] == scores[1])
    let written = try await folder.run("generate", "-m", "whole.textlm", "-n", "40", "-q")
    #expect(written.exitCode == 0 && written.output.count > 30, "\(written.errors)")
    let inspected = try await folder.run("inspect", "whole.textlm")
    #expect(inspected.output.contains(tested.name))
  }

  @Test(
    "What does not go together is refused with the numbers",
    arguments: [
      (["--arch", "transformer", "--set", "heads=3"], "heads is 3, which does not divide"),
      (["--arch", "transformer", "--set", "positions=sine"], "positions is sine"),
      (["--arch", "memn2n", "--set", "memory_size=0"], "memory_size is 0"),
      (["--arch", "tcn", "--set", "layers=14"], "each output would depend on"),
      (["--arch", "attention-lstm", "--set", "attention=general"], "attention is general"),
    ])
  func refusals(arguments: [String], message: String) async throws {
    let folder = try ToolFolder()
    try folder.write(try ToolCorpora.harbour(characters: 6000), to: "corpus.txt")
    let result = try await folder.run(["train", "corpus.txt", "--max-steps", "1"] + arguments)
    #expect(result.exitCode != 0)
    #expect(result.errors.contains(message), "\(result.errors)")
  }
}
