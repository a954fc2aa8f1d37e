#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Keeps the tokens whose information is closest to what the model expects, until they have a mass.
///
/// With H = −Σ p ln p, tokens are taken by |−ln p − H|, the smallest first and equal ones by their
/// numbers, until Σ p ≥ m. The most likely token may be left out: it says less than expected.
///
/// Reference: Clara Meister et al., "Locally Typical Sampling", 2023.
public struct Typical: LogitsProcessor {
  /// What `--sampler-order` calls it.
  public static let name = "typical"

  /// m; 1 keeps all.
  public let mass: Double

  /// Throws `SamplingError` unless 0 < m <= 1.
  public init(_ mass: Double) throws(SamplingError) {
    guard mass > 0, mass <= 1 else {
      throw .outOfRange(name: "typical", value: "\(mass)", allowed: "above 0 and at most 1")
    }
    self.mass = mass
  }

  /// Excludes what is behind the token with which the sum reaches m.
  public func process(_ logits: inout [Float], _ context: inout SamplingContext) {
    guard mass < 1 else { return }
    let probabilities = Sampler.probabilities(logits)
    let entropy = Sampler.entropy(probabilities)
    let deviations = probabilities.map { $0 > 0 ? abs(-log($0) - entropy) : .infinity }
    let order = logits.indices.sorted { (deviations[$0], $0) < (deviations[$1], $1) }
    Sampler.cut(&logits, probabilities, behind: mass, in: order)
  }
}
