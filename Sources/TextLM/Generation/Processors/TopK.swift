/// Keeps the k most likely tokens, and those as likely as the k-th.
///
/// Reference: Angela Fan, Mike Lewis and Yann Dauphin, "Hierarchical Neural Story Generation",
/// 2018.
public struct TopK: LogitsProcessor {
  /// What `--sampler-order` calls it.
  public static let name = "top-k"

  /// k; 0 keeps all.
  public let count: Int

  /// Throws `SamplingError` when k is negative.
  public init(_ count: Int) throws(SamplingError) {
    guard count >= 0 else {
      throw .outOfRange(name: "top-k", value: "\(count)", allowed: "a whole number from 0 up")
    }
    self.count = count
  }

  /// Excludes what is less likely than the k-th.
  public func process(_ logits: inout [Float], _ context: inout SamplingContext) {
    guard count > 0, count < logits.count else { return }
    let threshold = logits.sorted(by: >)[count - 1]
    for index in logits.indices where logits[index] < threshold { logits[index] = -.infinity }
  }
}
