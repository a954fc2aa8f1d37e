/// Keeps tokens with at least a given probability, and always the most likely one.
///
/// Keeps p >= ε.
///
/// Reference: John Hewitt, Christopher Manning and Percy Liang, "Truncation Sampling as Language
/// Model Desmoothing", 2022.
public struct EpsilonCutoff: LogitsProcessor {
  /// What `--sampler-order` calls it.
  public static let name = "epsilon"

  /// ε; 0 keeps all.
  public let threshold: Double

  /// Throws `SamplingError` unless 0 <= ε < 1.
  public init(_ threshold: Double) throws(SamplingError) {
    guard threshold >= 0, threshold < 1 else {
      throw .outOfRange(name: "epsilon", value: "\(threshold)", allowed: "from 0 to below 1")
    }
    self.threshold = threshold
  }

  /// Excludes what is less likely.
  public func process(_ logits: inout [Float], _ context: inout SamplingContext) {
    let probabilities = Sampler.probabilities(logits)
    Sampler.cut(&logits, probabilities, below: threshold)
  }
}
