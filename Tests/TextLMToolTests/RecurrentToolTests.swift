import Testing
import TextLM
import TextLMTensors

@Suite("recurrent architectures")
struct RecurrentToolTests {
  private static let names = [
    "gru", "rnn", "mlstm", "mogrifier", "qrnn", "sru", "min-gru", "min-lstm", "slstm", "xlstm",
    "rwkv", "window-lstm",
  ]

  @Test("train, resume bit by bit, write and score", arguments: names)
  func lifecycle(name: String) async throws {
    let folder = try ToolFolder()
    try folder.write(try ToolCorpora.harbour(characters: 6000), to: "corpus.txt")
    func train(_ file: String, _ steps: Int, _ more: [String] = []) async throws -> ToolResult {
      try await folder.run(
        [
          "train", "corpus.txt", "-o", file, "--arch", name, "--set", "hidden_size=8",
          "--embedding-size", "6", "-b", "4", "--seq-length", "12", "--schedule", "constant",
          "--max-steps", "\(steps)", "--eval-every", "4",
        ] + more)
    }
    let whole = try await train("whole.textlm", 8)
    #expect(whole.exitCode == 0, "\(whole.errors)")
    #expect(try await train("parts.textlm", 4).exitCode == 0)
    let resumed = try await train("parts.textlm", 8, ["--resume"])
    #expect(resumed.exitCode == 0, "\(resumed.errors)")
    let scores = try ["whole", "parts"].map {
      try TextModel(contentsOf: folder.path("\($0).textlm")).score("the harbour").nats
    }
    #expect(scores[0] == scores[1])
    let written = try await folder.run(
      "generate", "-m", "whole.textlm", "--prompt", "the ", "-n", "20", "--seed", "1")
    #expect(written.exitCode == 0, "\(written.errors)")
    #expect(!written.output.isEmpty)
  }

  @Test("choices change what is trained, and others are refused with the list")
  func choices() async throws {
    let folder = try ToolFolder()
    try folder.write(try ToolCorpora.harbour(characters: 3000), to: "corpus.txt")
    for (name, choice, allowed) in [
      ("gru", "reset=before", "after or before"), ("rnn", "nonlinearity=relu", "tanh or relu"),
    ] {
      let common = [
        "train", "corpus.txt", "-o", "m.textlm", "--overwrite", "--arch", name, "--set",
        "hidden_size=8", "-b", "4", "--seq-length", "12", "--max-steps", "2",
      ]
      let chosen = try await folder.run(common + ["--set", choice])
      #expect(chosen.exitCode == 0, "\(chosen.errors)")
      let inspected = try await folder.run("inspect", "m.textlm")
      #expect(inspected.output.contains(choice.split(separator: "=")[1]))
      let key = choice.prefix { $0 != "=" }
      let refused = try await folder.run(common + ["--set", "\(key)=maybe"])
      #expect(refused.exitCode == 64)
      #expect(refused.errors.contains(allowed), "\(refused.errors)")
    }
    let refused = try await folder.run(
      "train", "corpus.txt", "--arch", "xlstm", "--set", "heads=5", "--set", "hidden_size=16")
    #expect(refused.exitCode == 64)
    #expect(refused.errors.contains("5") && refused.errors.contains("32"), "\(refused.errors)")
  }

  @Test("weight drop is refused where no weights are recurrent")
  func weightDrop() async throws {
    let folder = try ToolFolder()
    try folder.write(try ToolCorpora.harbour(characters: 3000), to: "corpus.txt")
    let refused = try await folder.run(
      "train", "corpus.txt", "--arch", "qrnn", "--weight-drop", "0.2", "--max-steps", "1")
    #expect(refused.exitCode == 64)
    #expect(refused.errors.contains("qrnn has no recurrent weights"), "\(refused.errors)")
    #expect(refused.errors.contains("gru, "), "\(refused.errors)")
  }

  @Test("bench --arch measures an architecture, with layers or without")
  func bench() async throws {
    let folder = try ToolFolder()
    for name in ["gru", "window-lstm"] {
      let result = try await folder.run(
        "bench", "model", "--arch", name, "--hidden-size", "8", "-b", "2", "--seq-length", "8",
        "--seconds", "0.01", "--format", "json")
      #expect(result.exitCode == 0, "\(result.errors)")
      let rows = try jsonLines(result.output)
      #expect(try rows.map { try $0.string("architecture") } == [name])
      #expect(try rows[0].double("trained_per_second") > 0)
      #expect(try rows[0].double("generated_per_second") > 0)
    }
    let refused = try await folder.run("bench", "model", "--arch", "gpt", "--hidden-size", "8")
    #expect(refused.exitCode == 64)
    #expect(refused.errors.contains("rwkv"), "\(refused.errors)")
  }
}
