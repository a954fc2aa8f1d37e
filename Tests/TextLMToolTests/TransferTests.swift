import Testing
import TextLM

@Suite("train --init-from and --embeddings-from")
struct TransferToolTests {
  private func folder() async throws -> (folder: ToolFolder, donor: String) {
    let folder = try ToolFolder()
    try folder.write(
      try ToolCorpora.harbour(characters: 4000) + "ÆÆÆ ðð ðð ", to: "corpus.txt")
    return (folder, try await ToolModel.folder().path("model.textlm"))
  }

  private let steps = ["--batch-size", "8", "--seq-length", "16", "--lr", "0.001", "-t", "1"]

  @Test("takes the sizes and the weights, says what it knew, and starts far better")
  func model() async throws {
    let (folder, donor) = try await folder()
    let result = try await folder.run(
      [
        "train", "corpus.txt", "--init-from", donor, "--max-steps", "1", "--format", "json",
        "--validation-fraction", "0",
      ] + steps)
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(
      try result.errors.contains(
        Regex(
          "note: [0-9]+ tensors from .*model.textlm: it knows [0-9]+ of [0-9]+ units, "
            + "99.[0-9] % of the text that the vocabulary is of; new: ð Æ")), "\(result.errors)")
    let model = try TextModel(contentsOf: folder.path("model.textlm"))
    let expected = try TextModel(contentsOf: donor)
    #expect(model.configuration.json == expected.configuration.json)
    let transfer = try JSONField(model.card, path: "card").field("settings").field("transfer")
    #expect(try transfer.int("new_units") == 2)
    #expect(try transfer.string("model") == donor)

    let fresh = try await folder.run(
      [
        "train", "corpus.txt", "--max-steps", "1", "--format", "json", "-o", "fresh",
        "--validation-fraction", "0", "--layers", "1", "--hidden-size", "24",
      ] + steps)
    func nats(_ result: ToolResult) throws -> Double {
      try #require(try jsonLines(result.output).first).field("validation").double("nats_per_token")
    }
    #expect(try nats(result) < nats(fresh) - 0.3)
  }

  @Test("refuses sizes that do not fit, with both shapes and the options that do")
  func refusal() async throws {
    let (folder, donor) = try await folder()
    for dry in [[], ["--dry-run"]] {
      let result = try await folder.run(
        ["train", "corpus.txt", "--init-from", donor, "--max-steps", "1", "--hidden-size", "32"]
          + dry + steps)
      #expect(result.exitCode == 64)
      #expect(
        result.errors.contains(
          "rnn.weight_ih_l0 has shape [96, 24], but the new model needs [128, 24]: leave the sizes "
            + "away, or give --layers 1 --hidden-size 24 --embedding-size 24"), "\(result.errors)")
      #expect(!folder.contains("model.textlm"))
    }
  }

  @Test("takes embeddings alone into a model of other sizes")
  func embeddings() async throws {
    let (folder, donor) = try await folder()
    let arguments =
      [
        "train", "corpus.txt", "--embeddings-from", donor, "--max-steps", "1", "--hidden-size",
        "16",
      ]
      + steps
    let result = try await folder.run(arguments)
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(result.errors.contains("note: the embedding from "))
    let model = try TextModel(contentsOf: folder.path("model.textlm"))
    #expect(model.configuration.neural?.embeddingSize == 24)
    let other = try await folder.run(arguments + ["--embedding-size", "8", "-o", "other"])
    #expect(other.exitCode == 64)
    #expect(other.errors.contains("give --embedding-size 24"))
  }

  @Test("a model that is none, both at once, and --resume are refused")
  func usage() async throws {
    let (folder, donor) = try await folder()
    for (arguments, code, text) in [
      (["--init-from", "nowhere"], 74, "nowhere"),
      (["--init-from", donor, "--embeddings-from", donor], 64, "cannot be given together"),
      (["--init-from", donor, "--resume"], 64, "leave --init-from"),
    ] as [([String], Int32, String)] {
      let result = try await folder.run(["train", "corpus.txt", "--max-steps", "1"] + arguments)
      #expect(result.exitCode == code, "\(arguments): \(result.errors)")
      #expect(result.errors.contains(text), "\(result.errors)")
    }
  }
}
