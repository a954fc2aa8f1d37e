import Testing
import TextLM
import TextLMTensors

@Suite("classify train with networks")
struct ClassifyNetworkToolTests {
  /// Sizes of hierarchical attention, by which its parameters can be counted.
  private static let small = [
    "--arch", "han", "--hidden-size", "4", "--layers", "1", "--embedding-size", "3",
    "--attention-size", "5", "--batch-size", "8", "-t", "1",
  ]

  /// GRUs from both ends of the characters and of the words, two attentions and the head.
  private static func parameterCount(vocabularySize: Int) -> Int {
    let (lower, upper) = (2 * 3 * 4 * (3 + 4 + 2), 2 * 3 * 4 * (8 + 4 + 2))
    return 3 * vocabularySize + lower + upper + 2 * 5 * (8 + 2) + 2 * (8 + 1)
  }

  private func folder() throws -> ToolFolder {
    let folder = try ToolFolder()
    try folder.write(ToolReviews.table(), to: "reviews.csv")
    return folder
  }

  private func train(
    _ folder: ToolFolder, _ more: [String], _ sizes: [String] = small
  ) async throws -> ToolResult {
    try await folder.run(["classify", "train", "reviews.csv", "-o", "n.textlm"] + sizes + more)
  }

  @Test("han is a hierarchy of GRUs, whose steps are logged and drawn, also when it goes on")
  func hierarchicalAttention() async throws {
    let folder = try folder()
    let first = try await train(
      folder, ["--max-steps", "4", "--tensorboard", "board", "--format", "json"])
    #expect(first.exitCode == 0, "\(first.errors)")
    let summary = try #require(try jsonLines(first.output).first)
    #expect(try summary.string("architecture") == "han")
    // 29 texts in batches of 8 are an epoch of 4 steps.
    let rows = try jsonLines(try folder.text("n.textlm/log.jsonl"))
    #expect(
      try rows.map { try $0.string("event") } == Array(repeating: "step", count: 4) + [
        "evaluation"
      ])
    #expect(try rows.map { try $0.int("step") } == [1, 2, 3, 4, 4])
    #expect(try rows[0].double("loss") > 0 && rows[3].double("epoch") == 1)
    let names = try folder.names(in: "board/n")
    try #require(names.count == 1)
    let board = try EventFile(folder.bytes("board/n/\(names[0])"))
    // The version and the start before four steps and an evaluation.
    #expect(board.records.count == 7 && board.count("validation/accuracy") == 1)
    #expect(board.count("train/loss") == 4)
    for arch in ["lstm", "ngram"] {
      let other = try await train(folder, ["--max-steps", "6", "--resume", "--arch", arch], [])
      #expect(other.exitCode == 64)
      #expect(other.errors.contains("--arch is \(arch), but the run began with han"))
    }
    let again = try await train(
      folder, ["--max-steps", "6", "--resume", "--tensorboard", "board"])
    #expect(again.exitCode == 0, "\(again.errors)")
    let both = try folder.names(in: "board/n")
    try #require(both.count == 2 && both[0] == names[0])
    let second = try EventFile(folder.bytes("board/n/\(both[1])"))
    #expect(second.begins(after: 4) && second.count("train/loss") == 2)
    let steps = try jsonLines(try folder.text("n.textlm/log.jsonl")).map { try $0.int("step") }
    #expect(steps == [1, 2, 3, 4, 4, 5, 6, 6])
  }

  @Test("A plan says what would be trained, and nothing is written")
  func plan() async throws {
    let folder = try folder()
    let result = try await train(folder, ["--dry-run"])
    #expect(result.exitCode == 0, "\(result.errors)")
    let plan = try #require(try jsonLines(result.output).first)
    let vocabularySize = try plan.int("vocabulary")
    #expect(try plan.string("architecture") == "han" && plan.string("kind") == "single")
    #expect(try plan.int("training_texts") == 29 && plan.int("validation_texts") == 3)
    #expect(try plan.int("steps_per_epoch") == 4)
    let parameterCount = Self.parameterCount(vocabularySize: vocabularySize)
    #expect(try plan.int("parameters") == parameterCount)
    #expect(result.errors.contains("vocabulary \(vocabularySize), 4 steps an epoch"))
    let labels = try plan.field("labels").elements()
    #expect(try labels.map { try $0.string("name") } == ["bad", "good"])
    #expect(try labels.reduce(0) { try $0 + $1.int("texts") } == 29)
    #expect(try plan.field("settings").int("batch_size") == 8)
    let counted = try await train(folder, ["--dry-run"], [])
    let features = try #require(try jsonLines(counted.output).first)
    #expect(try features.string("architecture") == "ngram")
    #expect(try features.optionalField("parameters") == nil)
    #expect(try features.field("settings").field("data_weights").elements().count == 5)
    let probed = try await train(
      folder, ["--dry-run", "--arch", "probe", "--model", ToolModel.file()], [])
    #expect(probed.exitCode == 0, "\(probed.errors)")
    #expect(try #require(try jsonLines(probed.output).first).int("parameters") > 0)
    #expect(try folder.names() == ["reviews.csv"])
  }

  @Test("Sizes are chosen for a time, where none are given")
  func chosenSizes() async throws {
    let folder = try folder()
    func plan(_ more: [String]) async throws -> (settings: JSONField, errors: String) {
      let result = try await train(folder, ["--dry-run"] + more, ["--arch", "gru"])
      #expect(result.exitCode == 0, "\(result.errors)")
      let row = try #require(try jsonLines(result.output).first)
      return (try row.field("settings"), result.errors)
    }
    func layerCount(_ settings: JSONField) throws -> Int {
      try settings.field("config").field("hyperparameters").int("layers")
    }
    for more in [[], ["--budget", "1m"], ["--set", "reset=before"]] {
      let timed = try await plan(more)
      #expect(timed.errors.contains("chosen: gru with layers 1, hidden_size 128, because 32 texts"))
      // 29 texts are one step of 32, so that epochs are as many as may be.
      #expect(try timed.settings.int("most_epochs") == 30 && layerCount(timed.settings) == 1)
    }
    for more in [
      ["--max-steps", "9"], ["--epochs", "2"], ["--layers", "2"], ["--set", "layers=2"],
      ["--embedding-size", "8"],
    ] {
      let given = try await plan(more)
      #expect(!given.errors.contains("chosen:"), "\(more)")
      #expect(try given.settings.optionalField("most_epochs") == nil)
      #expect(try layerCount(given.settings) == 2)
    }
  }

  @Test("A folder for TensorBoard that cannot be made ends the training before its first step")
  func refusedBoard() async throws {
    let folder = try folder()
    let result = try await train(folder, ["--max-steps", "4", "--tensorboard", "reviews.csv"])
    #expect(result.exitCode == 74 && result.errors.contains("reviews.csv: is not a folder"))
    #expect(try folder.text("n.textlm/log.jsonl").isEmpty)
  }

  @Test("inspect shows a network's parts, its labels, its tokenizer and its card")
  func inspection() async throws {
    let folder = try folder()
    let trained = try await train(folder, ["--max-steps", "4"])
    #expect(trained.exitCode == 0, "\(trained.errors)")
    let json = try await folder.run("inspect", "n.textlm", "--format", "json", "-v")
    let object = try #require(try jsonLines(json.output).first)
    #expect(
      try object.keys == [
        "config", "architecture", "labels", "parameters", "vocabulary", "checksum", "tensors",
        "training", "units",
      ])
    #expect(try object.string("architecture") == "han")
    let vocabularySize = try object.int("vocabulary")
    let parameterCount = Self.parameterCount(vocabularySize: vocabularySize)
    #expect(try object.int("parameters") == parameterCount)
    let sizes = try object.field("tensors").elements().map { tensor in
      try tensor.field("shape").elements().reduce(1) { try $0 * $1.int() }
    }
    #expect(sizes.reduce(0, +) == parameterCount)
    let text = try await folder.run("inspect", "n.textlm")
    #expect(text.exitCode == 0 && text.errors.isEmpty)
    #expect(text.lines[0].split(separator: " ") == ["classifier", "\(parameterCount)"])
    for part in ["├─ lower", "├─ lower_pool", "├─ upper", "└─ head", "label  texts"] {
      #expect(text.output.contains(part), "\(part)")
    }
    for row in [
      #/structure +hierarchy/#, #/hyperparameters\.hidden_size +4/#, #/unit +codepoint/#,
      #/checksum +sha256:[0-9a-f]{64}/#, #/measured\.accuracy +[01][.0-9]*/#,
      #/settings\.batch_size +8/#, #/training_texts +29/#,
    ] {
      #expect(text.lines.contains { $0.wholeMatch(of: row) != nil }, "\(text.output)")
    }
  }

  @Test("inspect shows n-grams and probes")
  func others() async throws {
    let folder = try folder()
    let counted = try await train(folder, [], [])
    #expect(counted.exitCode == 0, "\(counted.errors)")
    let text = try await folder.run("inspect", "n.textlm")
    #expect(text.exitCode == 0 && text.lines[0].hasPrefix("sequences of characters: "))
    #expect(text.lines.contains { $0.wholeMatch(of: #/features\.characters +\[2,6\]/#) != nil })
    #expect(!text.output.contains("vocabulary"))
    let json = try await folder.run("inspect", "n.textlm", "--format", "json")
    let object = try #require(try jsonLines(json.output).first)
    let labels = try object.field("labels").elements()
    #expect(try labels.map { try $0.string("name") } == ["bad", "good"])
    #expect(try labels.reduce(0) { try $0 + $1.int("texts") } == 29)
    // Two classes are one question: a weight for each feature, and a bias.
    let features = try object.field("features").elements().reduce(0) { try $0 + $1.int() }
    #expect(try object.int("parameters") == features + 1)
    #expect(try object.optionalField("vocabulary") == nil)
    let model = try await ToolModel.file()
    let probed = try await folder.run(
      "classify", "train", "reviews.csv", "--arch", "probe", "--model", model, "-o", "p.textlm",
      "-q")
    #expect(probed.exitCode == 0, "\(probed.errors)")
    let probe = try await folder.run("inspect", "p.textlm")
    // One LSTM layer of 24 units remembers.
    #expect(probe.lines[0].hasPrefix("language model"))
    #expect(probe.output.contains(#/units: \d+, of which \d+ have a weight/#))
    let members = try #require(
      try jsonLines(try await folder.run("inspect", "p.textlm", "--format", "json").output).first)
    #expect(try members.int("used_units") >= 0 && members.string("architecture") == "probe")
  }
}
