/// Keeps the smallest set of most likely tokens whose probabilities sum to at least p: the nucleus.
///
/// Reference: Ari Holtzman et al., "The Curious Case of Neural Text Degeneration", 2020.
public struct TopP: LogitsProcessor {
  /// What `--sampler-order` calls it.
  public static let name = "top-p"

  /// p; 1 keeps all.
  public let mass: Double

  /// Throws `SamplingError` unless 0 < p <= 1.
  public init(_ mass: Double) throws(SamplingError) {
    guard mass > 0, mass <= 1 else {
      throw .outOfRange(name: "top-p", value: "\(mass)", allowed: "above 0 and at most 1")
    }
    self.mass = mass
  }

  /// Excludes what is behind the token with which the sum reaches p.
  public func process(_ logits: inout [Float], _ context: inout SamplingContext) {
    guard mass < 1 else { return }
    let probabilities = Sampler.probabilities(logits)
    // Equal ones in the order of their numbers, so that the result is defined.
    let order = logits.indices.sorted {
      (probabilities[$1], $0) < (probabilities[$0], $1)
    }
    Sampler.cut(&logits, probabilities, behind: mass, in: order)
  }
}
