import Testing
import TextLM
import TextLMTensors

@Suite("train --set")
struct LSTMVariantToolTests {
  @Test(
    "layer_norm, zoneout_cell and zoneout_hidden train, resume bit by bit and stay in the model")
  func variants() async throws {
    let folder = try ToolFolder()
    try folder.write(try ToolCorpora.harbour(characters: 6000), to: "corpus.txt")
    let settings = [
      "--set", "layer_norm=1", "--set", "zoneout_cell=0.3", "--set", "zoneout_hidden=0.1",
    ]
    func train(_ name: String, _ steps: Int, _ more: [String] = []) async throws -> ToolResult {
      try await folder.run(
        ["train", "corpus.txt", "-o", name, "--schedule", "constant", "--max-steps", "\(steps)"]
          + ToolModel.small + settings + more)
    }
    let whole = try await train("whole.textlm", 8)
    #expect(whole.exitCode == 0, "\(whole.errors)")
    #expect(try await train("parts.textlm", 4).exitCode == 0)
    let resumed = try await train("parts.textlm", 8, ["--resume"])
    #expect(resumed.exitCode == 0, "\(resumed.errors)")
    let models = try ["whole", "parts"].map {
      try TextModel(contentsOf: folder.path("\($0).textlm"))
    }
    let scores = try models.map { try $0.score("the harbour").nats }
    #expect(scores[0] == scores[1])
    let inspected = try await folder.run("inspect", "whole.textlm")
    #expect(inspected.output.contains("norm_hh_weight_l0 [96]"))
    #expect(inspected.output.contains("zoneout_cell"))
    let refused = try await folder.run("train", "corpus.txt", "--set", "layer_norm=2")
    #expect(refused.exitCode != 0 && refused.errors.contains("layer_norm is 2"))
  }
}
