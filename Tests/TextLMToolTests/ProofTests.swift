import Testing

/// What each memory is known to be able to, learned within minutes by the command that the
/// documentation tells.
///
/// The whole takes over an hour on two cores; one row is picked with
/// `TEXTLM_PROOF=ntm-copy`, the name of a row.
@Suite("Proofs of memory", .tags(.slow))
struct ProofTests {
  @Test(
    "learns its task",
    .enabled(if: slowTestsAreEnabled, "TEXTLM_SLOW_TESTS is not 1"), arguments: Proof.chosen)
  func learns(proof: Proof) async throws {
    let folder = try ToolFolder()
    let result = try await folder.run(
      ["task"] + proof.arguments.split(separator: " ").map(String.init)
        + ["-o", "proof.task", "--format", "json", "-q"])
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
    guard let name = environment("TEXTLM_PROOF") else { return all }
    return all.filter { $0.name == name }
  }
PLACE
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
