import Testing
import TextLM
import TextLMTensors
import TextLMTestSupport

/// What classifiers are known to be able to, with `corpora/reviews.csv`, within minutes by the command.
///
/// A fifth of the reviews is held out of everything. On two cores the probes take about six minutes, and the
/// explanations about two: `TEXTLM_SLOW_TESTS=1 swift test -c release --filter ClassifierProofTests`.
@Suite("Proofs of classifiers", .tags(.slow))
struct ClassifierProofTests {
  /// A folder with `train.csv`, `test.csv`, and `train.txt`, the texts of the first without their labels.
  private func folder() throws -> ToolFolder {
    let folder = try ToolFolder()
    let rows = try ToolCorpora.reviews().split(separator: "\n")
    func table(_ isTest: Bool) -> String {
      let own = rows.dropFirst().enumerated().filter { ($0.offset % 5 == 4) == isTest }
      return ([rows[0]] + own.map(\.element)).joined(separator: "\n") + "\n"
    }
    try folder.write(table(false), to: "train.csv")
    try folder.write(table(true), to: "test.csv")
    let texts = try LabelledReading().read([folder.path("train.csv")]).texts.map(\.text)
    try folder.write(texts.joined(separator: "\n") + "\n", to: "train.txt")
    return folder
  }

  private func run(_ folder: ToolFolder, _ arguments: String) async throws -> ToolResult {
    let result = try await folder.run(arguments.split(separator: " ").map(String.init))
    try #require(result.exitCode == 0, "\(arguments): \(result.errors)")
    return result
  }

  /// The sentiment neuron's method: what a language model learned of texts without labels tells their
  /// labels. The untrained one has the same sizes and numbers as they were drawn, but for one step whose
  /// rate is too small to move them.
  ///
  /// Reference: Alec Radford, Rafal Jozefowicz and Ilya Sutskever, "Learning to Generate Reviews and
  /// Discovering Sentiment", 2017.
  @Test(
    "A language model of the texts knows more of their labels than one that was not trained",
    .enabled(if: slowTestsAreEnabled, "TEXTLM_SLOW_TESTS is not 1"))
  func probes() async throws {
    let folder = try folder()
    let sizes = "--layers 1 --hidden-size 512 --documents line --no-samples"
    for (name, length) in [("trained", "--budget 5m"), ("untrained", "--max-steps 1 --lr 1e-9")] {
      _ = try await run(folder, "train train.txt -o \(name).lm \(sizes) \(length) -q")
      _ = try await run(
        folder, "classify train train.csv --arch probe --model \(name).lm -o \(name).textlm -q")
    }
    var found: [JSONField] = []
    for (name, other) in [("trained", "untrained"), ("untrained", "trained")] {
      let result = try await run(
        folder,
        "classify evaluate test.csv -m \(name).textlm --against \(other).textlm "
          + "--format json -q")
      let row = try #require(try jsonLines(result.output).first)
      let (low, high) = (try row.double("accuracy_low"), try row.double("accuracy_high"))
      print("\(name): \(try row.double("accuracy")), 95 % between \(low) and \(high)")
      found.append(row)
    }
    #expect(try found[0].double("accuracy") >= found[1].double("accuracy") + 0.05)
    #expect(try found[0].field("mcnemar").string("verdict") == "first")
  }

  /// See `ExplanationTests` for what agreement is.
  @Test(
    "Explanations agree with nine of ten predictions",
    .enabled(if: slowTestsAreEnabled, "TEXTLM_SLOW_TESTS is not 1"),
    arguments: ["--arch ngram", "--arch lstm --bidirectional --budget 60s"])
  func explanations(method: String) async throws {
    let folder = try folder()
    _ = try await run(folder, "classify train train.csv \(method) -o c.textlm -q")
    let result = try await run(
      folder, "classify predict test.csv --data-format csv -m c.textlm --explain --format json -q")
    let sums = try jsonLines(result.output).map { row in
      try row.field("contributions").elements().reduce(0) { try $0 + $1.double() }
    }
    let agreement = Double(sums.count { $0 > 0 }) / Double(sums.count)
    print("\(method): explanations agree with \(agreement) of \(sums.count) predictions")
    #expect(agreement >= 0.9)
  }
}
