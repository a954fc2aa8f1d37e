import Testing
import TextLM

@Suite("train --params")
struct ModelSizeTests {
  @Test("sizes the model within 2 %, for the layers given, and says what it chose")
  func sizes() async throws {
    let folder = try ToolFolder()
    try folder.write(try ToolCorpora.harbour(characters: 3000), to: "corpus.txt")
    for (params, layers, wanted) in [("200K", "1", 200_000.0), ("0.3M", "3", 300_000)] {
      let result = try await folder.run(
        "train", "corpus.txt", "--params", params, "--layers", layers, "--max-steps", "1",
        "--batch-size", "2", "--seq-length", "8", "--format", "json", "-o", params)
      #expect(result.exitCode == 0, "\(result.errors)")
      let count = try #require(try jsonLines(result.output).first).int("parameters")
      #expect(abs(Double(count) / wanted - 1) <= 0.02)
      #expect(
        try result.errors.contains(
          Regex("for \(params) parameters: layers \(layers), hidden_size [0-9]+, ")),
        "\(result.errors)")
      let again = try await folder.run(
        "train", "corpus.txt", "--resume", "--params", params, "-o", params)
      #expect(again.exitCode == 0, "\(again.errors)")
      let other = try await folder.run(
        "train", "corpus.txt", "--resume", "--params", "1M", "-o", params)
      #expect(other.exitCode == 64)
      #expect(other.errors.contains("--params is 1M, but the run began with "))
    }
  }

  @Test(
    "every architecture is sized by itself or for --params, and refuses what it has not",
    arguments: ArchitectureRegistry.builtIn.all.map { $0.name })
  func architectures(name: String) async throws {
    let folder = try ToolFolder()
    try folder.write(try ToolCorpora.harbour(characters: 20_000), to: "corpus.txt")
    let kind = try ArchitectureRegistry.builtIn.architecture(named: name)
    let alone = try await folder.run("train", "corpus.txt", "--arch", name, "--dry-run")
    #expect(alone.exitCode == 0, "\(alone.errors)")
    #expect(alone.errors.contains("chosen: \(name) with "), "\(alone.errors)")
    let sized = try await folder.run(
      "train", "corpus.txt", "--arch", name, "--params", "200K", "--dry-run")
    #expect(sized.exitCode == 0, "\(sized.errors)")
    #expect(sized.errors.contains("\(kind.widthName) "), "\(sized.errors)")
    for (option, hyperparameter) in [
      ("--layers", "layers"), ("--hidden-size", "hidden_size"), ("--zoneout-cell", "zoneout_cell"),
    ] where !kind.hyperparameters.contains(where: { $0.name == hyperparameter }) {
      let refused = try await folder.run(
        "train", "corpus.txt", "--arch", name, option, "1", "--dry-run")
      #expect(refused.exitCode == 64, "\(option)")
      #expect(
        refused.errors.contains("\(name) has no hyperparameter \(hyperparameter); it has\n"),
        "\(refused.errors)")
    }
  }

  @Test("what is no number, contradicts a width, or is no model's is refused")
  func refusals() async throws {
    let folder = try ToolFolder()
    try folder.write(try ToolCorpora.harbour(characters: 3000), to: "corpus.txt")
    for (arguments, text) in [
      (["--params", "many"], "must be a number of parameters such as 500K or 5M"),
      (["--params", "0"], "must be a number of parameters"),
      (["--params", "1M", "--hidden-size", "64"], "leave --hidden-size away"),
      (["--params", "3"], "the nearest models have"),
    ] {
      let result = try await folder.run(["train", "corpus.txt", "--dry-run"] + arguments)
      #expect(result.exitCode == 64, "\(arguments)")
      #expect(result.errors.contains(text), "\(result.errors)")
    }
  }
}
