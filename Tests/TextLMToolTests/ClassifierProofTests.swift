import Foundation
import Testing
import TextLM
import TextLMTensors
import TextLMTestSupport

/// What classifiers are known to be able to, within minutes by the command.
///
/// Of `corpora/reviews.csv` a fifth is held out. On two cores all of it takes about ten minutes:
/// `TEXTLM_SLOW_TESTS=1 swift test -c release --filter ClassifierProofTests`.
@Suite("Proofs of classifiers", .tags(.slow))
struct ClassifierProofTests {
  /// A folder with `train.csv` and `test.csv`.
  private func folder() throws -> ToolFolder {
    let folder = try ToolFolder()
    let rows = try ToolCorpora.reviews().split(separator: "\n")
    func table(_ isTest: Bool) -> String {
      let own = rows.dropFirst().enumerated().filter { ($0.offset % 5 == 4) == isTest }
      return ([rows[0]] + own.map(\.element)).joined(separator: "\n") + "\n"
    }
    try folder.write(table(false), to: "train.csv")
    try folder.write(table(true), to: "test.csv")
    return folder
  }

  private func run(_ folder: ToolFolder, _ arguments: String) async throws -> ToolResult {
    let result = try await folder.run(
      arguments.split(separator: " ").map(String.init), limit: 900)
    try #require(result.exitCode == 0, "\(arguments): \(result.errors)")
    return result
  }

  /// See `ExplanationTests` for what agreement is. A network that has learned little is often undecided,
  /// and any gap then changes its mind in one direction.
  @Test(
    "Explanations agree with predictions",
    .enabled(if: slowTestsAreEnabled, "TEXTLM_SLOW_TESTS is not 1"),
    arguments: [("--arch ngram", 0.9), ("--arch lstm --bidirectional --budget 60s", 0.75)])
  func explanations(method: String, least: Double) async throws {
    let folder = try folder()
    _ = try await run(folder, "classify train train.csv \(method) -o c.textlm -q")
    let result = try await run(
      folder, "classify predict test.csv --data-format csv -m c.textlm --explain --format json -q")
    let sums = try jsonLines(result.output).map { row in
      try row.field("contributions").elements().reduce(0) { try $0 + $1.double() }
    }
    let agreement = Double(sums.count { $0 > 0 }) / Double(sums.count)
    print("\(method): explanations agree with \(agreement) of \(sums.count) predictions")
    #expect(agreement >= least)
  }

  /// The same probe reads two language models of one size, of which one has learned from the texts of SST-2's
  /// sentences, without their labels.
  @Test(
    "A probe of a model that knows the texts beats one of a model that knows nothing",
    .enabled(if: slowTestsAreEnabled, "TEXTLM_SLOW_TESTS is not 1"),
    .enabled(if: SharedData.has("data/sst2/train.csv"), "needs ../shared"))
  func probes() async throws {
    let folder = try ToolFolder()
    let (train, dev) = (SharedData.url("data/sst2/train.csv"), SharedData.url("data/sst2/dev.csv"))
    let sentences = try LabelledReading().read([train.path]).texts
    try folder.write(sentences.map { $0.text + "\n" }.joined(), to: "sentences.txt")
    let model = "--layers 1 --hidden-size 512 --documents line --no-samples -q"
    var accuracies: [Double] = []
    for (name, length) in [("trained", "--budget 5m"), ("untrained", "--max-steps 1 --lr 1e-9")] {
      _ = try await run(folder, "train sentences.txt -o \(name).lm \(model) \(length)")
      _ = try await run(
        folder,
        "classify train \(train.path) --arch probe --model \(name).lm -o \(name).textlm -q")
      let result = try await run(
        folder, "classify evaluate -m \(name).textlm \(dev.path) --format json -q")
      accuracies.append(try #require(jsonLines(result.output).first).double("accuracy"))
    }
    print("probe of the trained model \(accuracies[0]), of the untrained one \(accuracies[1])")
    #expect(accuracies[0] >= accuracies[1] + 0.03)
  }
}
