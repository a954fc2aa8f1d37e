/// Keeps tokens at least a given part as likely as the most likely one.
///
/// Reference: Nguyen Nhat Minh et al., "Turning Up the Heat: Min-p Sampling for Creative and
/// Coherent LLM Outputs", 2024.
public struct MinP: LogitsProcessor {
  /// What `--sampler-order` calls it.
  public static let name = "min-p"

  /// The part; 0 keeps all.
  public let ratio: Double

  /// Throws `SamplingError` unless 0 <= ratio <= 1.
  public init(_ ratio: Double) throws(SamplingError) {
    guard ratio >= 0, ratio <= 1 else {
      throw .outOfRange(name: "min-p", value: "\(ratio)", allowed: "from 0 to 1")
    }
    self.ratio = ratio
  }

  /// Excludes what is less likely.
  public func process(_ logits: inout [Float], _ context: inout SamplingContext) {
    guard ratio > 0 else { return }
    let probabilities = Sampler.probabilities(logits)
    let threshold = ratio * (probabilities.max() ?? 0)
    for index in logits.indices where probabilities[index] < threshold {
      logits[index] = -.infinity
    }
  }
}
