import Foundation
import TextLM
import TextLMTensors
import Testing

@Suite("train --arch ngram, score --interpolate and compare-scores")
struct NGramToolTests {
  private static let place = ToolFolder.newPath("ngrams")

  /// A folder with a network, n-grams of the same text, a text and its last tenth.
  private static let made = Task {
    atexit { try? FileManager.default.removeItem(atPath: NGramToolTests.place) }
    let folder = try ToolFolder(at: place)
    let text = try ToolCorpora.harbour(characters: 30_000)
    try folder.write(text, to: "corpus.txt")
    try folder.write(String(text.suffix(3000)), to: "tail.txt")
    for arguments in [
      ["--arch", "ngram", "--order", "6", "-o", "n.textlm", "--format", "json"],
      ["--max-steps", "150", "--no-samples", "-o", "m.textlm", "-q"] + ToolModel.small,
    ] {
      let result = try await folder.run(["train", "corpus.txt"] + arguments)
      #expect(result.exitCode == 0, "\(result.errors)")
      if arguments.contains("json") { try folder.write(result.output, to: "n.json") }
    }
    return folder
  }

  private func nats(_ arguments: String...) async throws -> Double {
    let result = try await Self.made.value.run(
      ["score", "tail.txt", "--format", "json", "-q"] + arguments)
    #expect(result.exitCode == 0, "\(result.errors)")
    return try #require(try jsonLines(result.output).first).double("nats_per_token")
  }

  @Test("What training says is what score says, and generate and inspect know the model")
  func wholeLife() async throws {
    let folder = try await Self.made.value
    let summary = try #require(try jsonLines(try folder.text("n.json")).first)
    #expect(try summary.string("architecture") == "ngram")
    #expect(try summary.int("order") == 6)
    #expect(try summary.field("ngrams").elements().count == 6)
    let validation = try summary.field("validation").double("nats_per_token")
    let scored = try await nats("-m", "n.textlm")
    #expect(abs(scored - validation) < 0.01)
    let written = try await folder.run(
      "generate", "-m", "n.textlm", "-n", "50", "--seed", "1", "-q")
    #expect(written.exitCode == 0 && written.output.unicodeScalars.count >= 50)
    let inspected = try await folder.run("inspect", "n.textlm")
    #expect(inspected.exitCode == 0)
    #expect(inspected.lines.first?.hasPrefix("1-grams") == true)
    #expect(inspected.lines.prefix(6).last?.hasPrefix("6-grams") == true)
    let tokens = try await folder.run(
      "score", "-m", "n.textlm", "--per", "token", "--format", "json", "-q", input: "abc\u{1F600}")
    #expect(try jsonLines(tokens.output).map { try $0.int("index") } == [0, 1, 2, 3])
  }

  @Test(
    "what means nothing to n-grams is refused",
    arguments: [
      "--layers 2", "--lr 0.1", "--budget 5s", "--epochs 1", "--set context=3", "--dropout 0.1",
      "--params 1M", "--tied", "--resume", "--seed 3", "--folds 3", "--precision float32",
      "--init-from x", "--schedule linear", "--l2 0.1", "--freeze a", "--batch-size 4",
      "--tensorboard x", "--no-samples", "--patience 3",
    ])
  func refused(option: String) async throws {
    let folder = try ToolFolder()
    try folder.write("some text to learn from", to: "a.txt")
    let result = try await folder.run(
      ["train", "a.txt", "--arch", "ngram"] + option.split(separator: " ").map(String.init))
    #expect(result.exitCode == 64)
    let name = option.split(separator: " ")[0]
    #expect(result.errors.hasPrefix("textlm: error: \(name) "), "\(result.errors)")
    #expect(result.errors.contains(" means nothing to --arch ngram"), "\(result.errors)")
    #expect(try folder.names() == ["a.txt"])
  }

  @Test(
    "and other wishes that cannot be met",
    arguments: [
      ("train a.txt --order 3", "--order belongs to --arch ngram"),
      ("train a.txt --arch ngram --order 1", "--order is 1, but must be from 2 to 24"),
      ("train a.txt --arch ngram --split streams", "--split streams means nothing"),
      ("compare a.txt --arch ngram", "can only be made with `textlm train --arch ngram`"),
      ("score --interpolate-weight 0.3", "without --interpolate"),
      ("score --interpolate x --per token", "not --per token"),
      ("score --interpolate x --calibration", "not --calibration"),
      ("score --interpolate x --cache", "leave --interpolate away"),
      ("score --interpolate x --interpolate-weight 1.5", "must each be from 0 to 1"),
      (
        "score --interpolate x --interpolate-weight 0.2 --interpolate-weight 0.2",
        "give one for each"
      ),
      ("compare-scores a b --block-length 0", "--block-length is 0"),
    ])
  func wishes(arguments: String, message: String) async throws {
    let folder = try ToolFolder()
    try folder.write("some text to learn from", to: "a.txt")
    let result = try await folder.run(arguments.split(separator: " ").map(String.init))
    #expect(result.exitCode == 64)
    #expect(result.errors.contains(message), "\(result.errors)")
  }

  @Test("a model of --interpolate that is not there is told with that option")
  func missingModel() async throws {
    let folder = try await Self.made.value
    let result = try await folder.run(
      "score", "-m", "n.textlm", "--interpolate", "ngram", "tail.txt")
    #expect(result.exitCode == 74)
    #expect(result.errors.contains("ngram: no such model"), "\(result.errors)")
    #expect(result.errors.contains("say where one is with --interpolate\n"), "\(result.errors)")
  }

  @Test("--cache and --init-from say that a network is needed")
  func noNetwork() async throws {
    let folder = try await Self.made.value
    let cached = try await folder.run("score", "-m", "n.textlm", "--cache", "tail.txt")
    #expect(cached.exitCode == 65)
    #expect(cached.errors.contains("an n-gram model cannot adapt"), "\(cached.errors)")
    let begun = try await folder.run(
      "train", "tail.txt", "--init-from", "n.textlm", "-o", "never.textlm", "--max-steps", "1")
    #expect(begun.exitCode == 64)
    #expect(begun.errors.contains("no weights to begin with"), "\(begun.errors)")
  }

  @Test("units are refused with the models that have them")
  func units() async throws {
    let folder = try await Self.made.value
    for options in [[], ["--find", "quotes"], ["--unit", "output.1"]] {
      let result = try await folder.run(
        ["show", "units", "tail.txt", "-m", "n.textlm", "-q"] + options)
      #expect(result.exitCode == 65 && result.output.isEmpty)
      #expect(
        result.errors.contains(
          "architecture ngram has counts and no units to show: units have lstm"),
        "\(result.errors)")
    }
  }

  @Test("A mixture costs less than the mean of its parts' costs, as the logarithm has it")
  func together() async throws {
    let alone = [try await nats("-m", "m.textlm"), try await nats("-m", "n.textlm")]
    let both = try await nats("-m", "m.textlm", "--interpolate", "n.textlm")
    #expect(both < (alone[0] + alone[1]) / 2, "\(alone) and \(both)")
    #expect(both > min(alone[0], alone[1]) - log(2), "\(alone) and \(both)")
    let none = try await nats(
      "-m", "m.textlm", "--interpolate", "n.textlm", "--interpolate-weight", "0")
    #expect(abs(none - alone[0]) < 1e-5)
    let folder = try await Self.made.value
    let result = try await folder.run(
      "score", "tail.txt", "-m", "m.textlm", "--interpolate", "n.textlm", "--interpolate-tune",
      "corpus.txt", "-q")
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(result.lines.first?.hasPrefix("interpolated        m.textlm 0.") == true)
  }

  @Test("compare-scores tells which of two is better, in words and as JSON")
  func compared() async throws {
    let folder = try await Self.made.value
    let models = ["m.textlm", "n.textlm"]
    let bits = [
      try await nats("-m", models[0]) / log(2), try await nats("-m", models[1]) / log(2),
    ]
    let best = bits[0] < bits[1] ? 0 : 1
    let result = try await folder.run(
      ["compare-scores"] + models + ["tail.txt", "--block-length", "100", "--format", "json", "-q"])
    #expect(result.exitCode == 0, "\(result.errors)")
    let row = try #require(try jsonLines(result.output).first)
    #expect(
      try row.keys == [
        "first", "second", "block_length", "characters", "blocks", "first_bits_per_character",
        "second_bits_per_character", "difference", "low", "high", "verdict", "warning",
      ])
    #expect(try row.field("warning").value == .null)
    #expect(try row.int("characters") == 3000)
    #expect(try row.int("blocks") == 30)
    #expect(abs(try row.double("difference") - (bits[1] - bits[0])) < 1e-3)
    #expect(try row.double("low") <= row.double("difference"))
    #expect(try row.double("high") >= row.double("difference"))
    let screen = try await folder.run(
      ["compare-scores"] + models + ["tail.txt", "--block-length", "100", "-q"])
    let verdict = try row.string("verdict")
    let words =
      verdict == "undecided" ? "The texts do not tell" : "\(models[best]) predicts better, by "
    #expect(screen.lines.last?.hasPrefix(words) == true, "\(screen.output)")
    let same = try await folder.run(
      "compare-scores", "n.textlm", "n.textlm", "tail.txt", "--per", "document", "-q")
    #expect(same.lines.first == "document            tail.txt")
    #expect(
      same.output.contains("Warning: the interval is unsure, because there are only 3 blocks"))
    #expect(same.lines.last?.hasPrefix("The texts do not tell") == true)
    let missing = try await folder.run("compare-scores", "n.textlm", "nowhere", "tail.txt")
    #expect(missing.exitCode == 74)
    #expect(missing.errors.contains("no such model"))
  }
}
