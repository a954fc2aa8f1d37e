#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Keeps tokens with a probability that may be the lower, the less sure the model is.
///
/// Keeps p >= min(ε, √ε · e^−H) with H = −Σ p ln p, and always the most likely token.
///
/// Reference: John Hewitt, Christopher Manning and Percy Liang, "Truncation Sampling as Language
/// Model Desmoothing", 2022.
public struct EtaCutoff: LogitsProcessor {
  /// What `--sampler-order` calls it.
  public static let name = "eta"

  /// ε; 0 keeps all.
  public let epsilon: Double

  /// Throws `SamplingError` unless 0 <= ε < 1.
  public init(_ epsilon: Double) throws(SamplingError) {
    guard epsilon >= 0, epsilon < 1 else {
      throw .outOfRange(name: "eta", value: "\(epsilon)", allowed: "from 0 to below 1")
    }
    self.epsilon = epsilon
  }

  /// Excludes what is less likely.
  public func process(_ logits: inout [Float], _ context: inout SamplingContext) {
    let probabilities = Sampler.probabilities(logits)
    let bound = epsilon.squareRoot() * exp(-Sampler.entropy(probabilities))
    Sampler.cut(&logits, probabilities, below: min(epsilon, bound))
  }
}
