import Foundation
import Testing
import TextLM
import TextLMTensors

@Suite("train")
struct TrainTests {
  private func folder() throws -> ToolFolder {
    let folder = try ToolFolder()
    try folder.write(try ToolCorpora.harbour(characters: 6000), to: "corpus.txt")
    return folder
  }

  private func train(
    _ folder: ToolFolder, _ arguments: String..., steps: Int = 20
  ) async throws -> ToolResult {
    try await folder.run(
      ["train", "corpus.txt", "--max-steps", "\(steps)"] + ToolModel.small + arguments)
  }

  @Test("shows its sizes, seed, progress and result on standard error, nothing on output")
  func screen() async throws {
    let folder = try folder()
    let result = try await train(folder, "--eval-every", "10")
    #expect(result.exitCode == 0)
    #expect(result.output.isEmpty)
    let number = #"[0-9]+\.[0-9]+"#
    let losses = "\(number) nats \(number) bits"
    let expected = [
      "lstm with [0-9,]+ parameters, vocabulary [0-9]+, batch 8 x 16, (float32|bfloat16|int16), seed 1",
      "step 1  epoch 0.02  train \(losses)  [0-9,]+ chars/s  [0-9]+s left",
      "step 10  validation \(losses)  [0-9]+s \\(best so far, saved\\)",
      "step 20  validation \(losses)  [0-9]+s \\(best so far, saved\\)",
      "model.textlm: 20 steps in [0-9]+s, best validation \(number) nats per character "
        + "\\(\(number) bits, perplexity \(number)\\)",
      "diagnosis: 20 steps, 0.5 epochs, are too few to learn much: give more time "
        + "\\(--budget, --epochs\\)",
    ]
    #expect(result.errorLines.count == expected.count, "\(result.errors)")
    for (line, pattern) in zip(result.errorLines, expected) {
      #expect(try line.wholeMatch(of: Regex(pattern)) != nil, "\(line)")
    }
    #expect(
      try folder.names(in: "model.textlm").filter { !$0.hasPrefix(".") }
        == [
          "log.jsonl", "model.safetensors", "report.html", "state.safetensors",
          "state.safetensors.previous",
        ])
  }

  @Test("--quiet says nothing; --verbose shows the model and every step")
  func verbosity() async throws {
    let quiet = try await train(folder(), "-q")
    #expect(quiet.exitCode == 0)
    #expect(quiet.output.isEmpty && quiet.errors.isEmpty)

    let verbose = try await train(folder(), "-v")
    #expect(verbose.errors.contains("├─ rnn"))
    #expect(verbose.errors.contains("1 threads, "))
    for step in 1...20 { #expect(verbose.errors.contains("\nstep \(step)  epoch ")) }
    #expect(verbose.errors.contains("\nwrote: "))
    // The curves, 16 rows of them, with their legend.
    #expect(verbose.errors.contains("\nLoss, nats per token\n"))
    #expect(verbose.errors.contains(" ⠒⠒ training  ○ validation\n"))
  }

  @Test("--format json ends with the object of the contract, true to the log and the model")
  func json() async throws {
    let folder = try folder()
    let result = try await train(folder, "--format", "json", "--seed", "7", "-o", "my.textlm")
    #expect(result.exitCode == 0)
    let rows = try jsonLines(result.output)
    #expect(rows.count == 1)
    let row = try #require(rows.first)
    #expect(
      try row.keys == [
        "model", "architecture", "parameters", "steps", "tokens", "tokens_per_second",
        "elapsed_seconds", "seed", "validation",
      ])
    let validation = try row.field("validation")
    #expect(
      try validation.keys == [
        "nats_per_token", "bits_per_character", "bits_per_byte", "perplexity", "tokens",
      ])
    #expect(try row.string("model") == "my.textlm")
    #expect(try row.string("architecture") == "lstm")
    #expect(try row.int("steps") == 20)
    // The first window may be shorter than 16 steps, for it ends at a random place.
    #expect((19 * 8 * 16...20 * 8 * 16).contains(try row.int("tokens")))
    #expect(try row.int("seed") == 7)
    #expect(try row.double("tokens_per_second") > 0)
    #expect(try row.double("elapsed_seconds") > 0)
    // The last tenth of 6000 ASCII characters: a token, a character and a byte are the same.
    #expect(try validation.int("tokens") == 600)
    let nats = try validation.double("nats_per_token")
    #expect(abs(try validation.double("bits_per_character") - nats / 0.6931471805599453) < 1e-9)
    #expect(abs(try validation.double("bits_per_byte") - nats / 0.6931471805599453) < 1e-9)
    #expect(abs(try validation.double("perplexity") - exp(nats)) < 1e-9)
    let model = try TextModel(contentsOf: folder.path("my.textlm"))
    #expect(try row.int("parameters") == model.parameterCount)
    #expect(JSONField(model.card, path: "card").value != .null)
    #expect(
      try JSONField(model.card, path: "card").field("validation").double("nats_per_token") == nats)
  }

  @Test("--sample-length and --no-samples decide what is written at evaluations")
  func samples() async throws {
    let folder = try folder()
    #expect(try await train(folder, "--eval-every", "10", "-q", "-o", "a").exitCode == 0)
    let standard = try RunRecord(contentsOf: folder.path("a")).samples
    #expect(standard.map(\.step) == [10, 20])
    #expect(standard.allSatisfy { $0.text.count <= 200 })
    #expect(standard.contains { $0.text.count > 12 })
    // The last model is the best, and writes the same again.
    let again = try await folder.run("generate", "-m", "a", "--seed", "1", "-n", "200", "-q")
    #expect(again.output == (standard.last?.text ?? "") + "\n")

    #expect(try await train(folder, "-q", "-o", "b", "--sample-length", "12").exitCode == 0)
    #expect(
      try RunRecord(contentsOf: folder.path("b")).samples.allSatisfy { $0.text.count <= 12 })
    #expect(try await train(folder, "-q", "-o", "c", "--no-samples").exitCode == 0)
    #expect(try RunRecord(contentsOf: folder.path("c")).samples.isEmpty)
    #expect(try !folder.text("c/report.html").contains("What it wrote"))
    for arguments in [["--sample-length", "0"], ["--no-samples", "--sample-length", "5"]] {
      let refused = try await folder.run(["train", "corpus.txt"] + arguments)
      #expect(refused.exitCode == 64 && refused.errors.contains("--no-samples"))
    }
  }

  @Test("log.jsonl has a row for each step and evaluation")
  func log() async throws {
    let folder = try folder()
    #expect(try await train(folder, "--eval-every", "10").exitCode == 0)
    let rows = try jsonLines(try folder.text("model.textlm/log.jsonl"))
    let steps = try rows.filter { try $0.string("event") == "step" }
    #expect(try steps.map { try $0.int("step") } == Array(1...20))
    for row in steps {
      #expect(
        try row.keys == [
          "event", "step", "epoch", "train_nats", "learning_rate", "gradient_norm",
          "tokens_per_second", "elapsed_seconds",
        ])
    }
    let evaluations = try rows.filter { try $0.string("event") == "evaluation" }
    #expect(try evaluations.map { try $0.int("step") } == [10, 20])
    for row in evaluations {
      #expect(
        try row.keys == [
          "event", "step", "nats_per_token", "bits_per_character", "bits_per_byte",
          "perplexity", "is_best", "elapsed_seconds",
        ])
    }
  }

  @Test("--dry-run prints the settings, writes nothing, and refuses what training would")
  func dryRun() async throws {
    let folder = try folder()
    let result = try await train(
      folder, "--dry-run", "--set", "layers=2", "--lr", "0.5", "--schedule", "constant")
    #expect(result.exitCode == 0)
    let settings = try #require(try jsonLines(result.output).first)
    #expect(try settings.field("config").field("hyperparameters").int("layers") == 2)
    #expect(try settings.double("learning_rate") == 0.5)
    #expect(try settings.string("schedule") == "constant")
    #expect(try settings.int("steps") == 20)
    #expect(try folder.names() == ["corpus.txt"])
    try folder.write("a", to: "corpus.txt")
    #expect(try await train(folder, "--dry-run").exitCode == 65)
  }

  @Test("options under other tools' names, and _ for -, give the same file")
  func aliases() async throws {
    let plain = try folder()
    let result = try await plain.run(
      "train", "corpus.txt", "--layers", "1", "--hidden-size", "12", "--seq-length", "16",
      "--batch-size", "4", "--max-steps", "5", "--lr", "0.01", "--grad-clip", "0.5",
      "--threads", "1", "--output", "m", "--tied", "--format=json")
    #expect(result.exitCode == 0, "\(result.errors)")
    let other = try folder()
    let aliased = try await other.run(
      "train", "--data", "corpus.txt", "--num_layers", "1", "--rnn-size", "12", "--bptt=16",
      "--batch_size", "4", "--max_iters", "5", "--learning-rate", "0.01", "--clip", "0.5",
      "--num_threads", "1", "--out_dir", "m", "--tie_weights", "--json")
    #expect(aliased.exitCode == 0, "\(aliased.errors)")
    #expect(
      try jsonLines(aliased.output).first?.field("validation").value
        == jsonLines(result.output).first?.field("validation").value)
  }

  @Test("reads standard input, several files, and pipes like a file")
  func inputs() async throws {
    let folder = try folder()
    let text = try folder.text("corpus.txt")
    let sizes = ["--max-steps", "5", "--format", "json", "-q"] + ToolModel.small
    let file = try await folder.run(["train", "corpus.txt", "-o", "a"] + sizes)
    let input = try await folder.run(["train", "-", "-o", "b"] + sizes, input: text)
    let pipe = try await folder.run(
      ["train", "pipe", "-o", "c"] + sizes,
      prelude: "mkfifo pipe && { cat corpus.txt > pipe & }")
    let expected = try #require(try jsonLines(file.output).first?.field("validation").value)
    for result in [input, pipe] {
      #expect(result.exitCode == 0, "\(result.errors)")
      #expect(try jsonLines(result.output).first?.field("validation").value == expected)
    }
    let two = try await folder.run(["train", "corpus.txt", "corpus.txt", "-o", "d"] + sizes)
    #expect(
      try jsonLines(two.output).first?.field("validation").int("tokens") == 2 * 6000 / 10)
  }

  @Test("a text of its own to validate on, none, or the ends of streams")
  func validation() async throws {
    let folder = try folder()
    try folder.write("A market by the sea.\n", to: "held.txt")
    let own = try await train(folder, "--validation", "held.txt", "--format", "json", "-o", "a")
    #expect(try jsonLines(own.output).first?.field("validation").int("tokens") == 21)
    let none = try await train(
      folder, "--validation-fraction", "0", "--format", "json", "-o", "b")
    #expect(none.errors.contains("note: nothing is held out"))
    #expect(try jsonLines(none.output).first?.field("validation").int("tokens") == 6000)
    let streams = try await train(folder, "--split", "streams", "--format", "json", "-o", "c")
    // 6000 characters are 46 windows of 8 x 16, of which 41 are kept to learn from.
    #expect(
      try jsonLines(streams.output).first?.field("validation").int("tokens") == 5 * 8 * 16)
  }

  @Test("characters cut from the vocabulary are spelled in bytes, and scored honestly")
  func cutVocabulary() async throws {
    let folder = try ToolFolder()
    try folder.write(try ToolCorpora.scripts(), to: "corpus.txt")
    let result = try await train(folder, "--max-vocabulary", "40", "--format", "json")
    #expect(result.exitCode == 0, "\(result.errors)")
    let model = try TextModel(contentsOf: folder.path("model.textlm"))
    #expect(model.tokenizer.vocabulary.unitCount == 40)
    let text = try await folder.run("generate", "-n", "40", "--seed", "1", "-q", "-p", "日本")
    #expect(text.exitCode == 0)
    #expect(text.output.hasPrefix("日本"))
  }
}
