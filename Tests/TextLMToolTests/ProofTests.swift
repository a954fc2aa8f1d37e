import Foundation
import Testing
import TextLMTensors
import TextLMTestSupport

/// What each memory is known to be able to, learned within minutes by the command that the
/// documentation tells.
///
/// The whole takes about an hour on two cores; one row is picked with `TEXTLM_PROOF=ntm-copy`, the
/// name of a row.
@Suite("Proofs of memory", .tags(.slow))
struct ProofTests {
  @Test(
    "learns its task",
    .enabled(if: slowTestsAreEnabled, "TEXTLM_SLOW_TESTS is not 1"), arguments: Proof.chosen)
  func learns(proof: Proof) async throws {
    let folder = try ToolFolder()
    let result = try await folder.run(
      ["task"] + proof.arguments.split(separator: " ").map(String.init)
        + ["-o", "proof.task", "--format", "json", "-q"], limit: 1_200)
    #expect(result.exitCode == 0, "\(result.errors)")
    let row = try #require(try jsonLines(result.output).first)
    let best = try row.field("best")
    for bound in proof.bounds {
      let value = try best.field(bound.lengths.rawValue).double(bound.measure)
      #expect(
        bound.range.contains(value), "\(proof.name): \(bound.lengths) \(bound.measure) is \(value)")
    }
  }
}

/// A training of a task, and what it must come to.
struct Proof: Sendable, CustomTestStringConvertible {
  /// Sequences as long as those of the training, or longer ones.
  enum Lengths: String, Sendable {
    case trained, longer
  }

  struct Bound: Sendable {
    let lengths: Lengths
    let measure: String
    let range: ClosedRange<Double>
  }

  let name: String
  /// Of `textlm task`.
  let arguments: String
  let bounds: [Bound]

  init(_ name: String, _ arguments: String, _ bounds: Bound...) {
    self.name = name
    self.arguments = arguments
    self.bounds = bounds
  }

  var testDescription: String { name }

  /// All of them, or the one that the environment names.
  static var chosen: [Proof] {
    guard let name = ProcessInfo.processInfo.environment["TEXTLM_PROOF"] else { return all }
    return all.filter { $0.name == name }
  }

  static let all = [
    Proof("rnn-echo", "delayed-echo --arch rnn", .accuracy(0.99)),
    Proof(
      "lstm-adding",
      "adding --with length=100 --with min_length=100 --arch lstm --layers 1 --hidden-size 64 "
        + "--budget 8m", .loss(below: 0.01)),
    Proof(
      "lstm-adding-200", "adding --arch lstm --layers 1 --hidden-size 64 --max-steps 500",
      .loss(above: 0.1)),
    Proof("lstm-parity", "parity --arch lstm --layers 1 --hidden-size 64", .accuracy(0.99)),
    Proof("gru-adding", "adding --arch gru --set hidden_size=64 --budget 8m", .loss(below: 0.01)),
    Proof(
      "tcn-adding",
      "adding --arch tcn --set layers=7 --set hidden_size=27 --set kernel_size=6 --keep-going "
        + "--budget 8m", .loss(below: 0.001)),
    Proof(
      "tcn-copy-memory",
      "copy-memory --arch tcn --set layers=7 --set hidden_size=20 --set kernel_size=6 "
        + "--budget 10m", .loss(below: 0.001)),
    Proof(
      "lstm-copy-memory", "copy-memory --arch lstm --layers 1 --hidden-size 64 --budget 8m",
      .loss(above: 0.01)),
    Proof(
      "wavenet-copy-memory",
      "copy-memory --with length=200 --with min_length=200 --with test_length=210 --arch wavenet "
        + "--set layers=6 --set cycle=6 --set kernel_size=6 --set hidden_size=32 "
        + "--set skip_size=32 --budget 8m", .loss(below: 0.001)),
    Proof(
      "ntm-copy",
      "copy --arch ntm --set controller=feed-forward --keep-going --max-steps 5000",
      .wrongBits(below: 0.1), .wrongBits(below: 0.1, .longer)),
    Proof(
      "dnc-copy",
      "copy --arch dnc --set controller=feed-forward --keep-going --max-steps 5000",
      .wrongBits(below: 0.1), .wrongBits(below: 0.1, .longer)),
    Proof(
      "ntm-recall",
      "associative-recall --arch ntm --set controller=feed-forward --curriculum --budget 8m",
      .wrongBits(below: 0.1), .wrongBits(below: 1, .longer)),
    Proof(
      "dnc-recall", "associative-recall --arch dnc --set controller=feed-forward --budget 8m",
      .wrongBits(below: 0.1)),
    Proof(
      "mann-one-shot",
      "one-shot --arch mann --set key_strength=1 --set slots=40 --set hidden_size=128 "
        + "--budget 8m", .accuracy(0.9)),
    Proof("memn2n-facts", "facts --arch memn2n --budget 8m", .accuracy(0.99)),
    Proof("kv-memory-facts", "facts --arch kv-memory --budget 8m", .accuracy(0.99)),
    Proof(
      "kv-memory-lookup",
      "key-value --arch kv-memory --set hidden_size=64 --set key_size=64 --set memory_size=300 "
        + "--lr 5e-3 --budget 8m", .accuracy(0.99)),
    Proof(
      "transformer-recall", "mqar --arch transformer --set context=128 --budget 8m", .accuracy(0.98)
    ),
    Proof(
      "attention-recall",
      "mqar --arch attention-lstm --hidden-size 128 --set window=40 --budget 8m", .accuracy(0.98)),
    Proof(
      "xlstm-recall", "mqar --arch xlstm --layers 2 --hidden-size 64 --budget 8m", .accuracy(0.98)),
    Proof(
      "lstm-recall", "mqar --arch lstm --layers 1 --hidden-size 160 --max-steps 2000",
      .accuracy(below: 0.5)),
    Proof(
      "transformer-repeat-copy", "repeat-copy --arch transformer --set context=128 --budget 8m",
      .wrongBits(below: 0.1)),
    Proof("slstm-parity", "parity --arch slstm", .accuracy(0.99)),
    Proof(
      "bidirectional-lookahead",
      "lookahead --arch lstm --bidirectional --layers 1 --hidden-size 64", .accuracy(0.99)),
    Proof(
      "causal-lookahead",
      "lookahead --arch lstm --layers 1 --hidden-size 64 --max-steps 300", .accuracy(below: 0.25)),
    Proof(
      "bidirectional-first-last",
      "first-last --arch lstm --bidirectional --layers 1 --hidden-size 64", .accuracy(0.99)),
  ]
}

extension Proof.Bound {
  static func wrongBits(below most: Double, _ lengths: Proof.Lengths = .trained) -> Self {
    Self(lengths: lengths, measure: "wrong_bits", range: 0...most)
  }

  static func accuracy(_ least: Double, _ lengths: Proof.Lengths = .trained) -> Self {
    Self(lengths: lengths, measure: "accuracy", range: least...1)
  }

  /// Where what is not remembered cannot be known.
  static func accuracy(below most: Double) -> Self {
    Self(lengths: .trained, measure: "accuracy", range: 0...most)
  }

  static func loss(below most: Double) -> Self {
    Self(lengths: .trained, measure: "loss", range: 0...most)
  }

  static func loss(above least: Double) -> Self {
    Self(lengths: .trained, measure: "loss", range: least...100)
  }
}
