/// Keeps tokens whose logits lie within some standard deviations of the greatest.
///
/// Keeps z >= max z − n σ, where σ is the standard deviation of all logits that are not excluded.
/// The kept set does not depend on the temperature, which stretches both alike.
///
/// Reference: Chenxia Tang et al., "Top-nσ: Not All Logits Are You Need", 2024.
public struct TopNSigma: LogitsProcessor {
  /// What `--sampler-order` calls it.
  public static let name = "top-n-sigma"

  /// n.
  public let count: Double

  /// Throws `SamplingError` unless n is above 0 and at most 1000.
  public init(_ count: Double) throws(SamplingError) {
    guard count > 0, count <= 1000 else {
      throw .outOfRange(
        name: "top-n-sigma", value: "\(count)", allowed: "a number above 0 and at most 1000")
    }
    self.count = count
  }

  /// Excludes what is farther below the greatest.
  public func process(_ logits: inout [Float], _ context: inout SamplingContext) {
    let candidates = logits.filter { $0 > -.infinity }.map(Double.init)
    guard let greatest = candidates.max() else { return }
    let total = Double(candidates.count)
    let mean = candidates.reduce(0, +) / total
    let variance = candidates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / total
    let threshold = greatest - count * variance.squareRoot()
    for index in logits.indices where Double(logits[index]) < threshold {
      logits[index] = -.infinity
    }
  }
}
