/// One step on the way from a model's logits to the distribution that is sampled from.
///
/// A processor changes logits; what it excludes becomes −∞. It never excludes everything.
///
/// To add one: write it in a file beside this, and add its name to `SamplingOrder.standard`.
public protocol LogitsProcessor: Sendable {
  /// What `--sampler-order` calls it.
  static var name: String { get }

  /// Changes the logits of the token that follows `context`.
  mutating func process(_ logits: inout [Float], _ context: inout SamplingContext)

  /// Learns what was drawn, and how likely it was among what all processors had left.
  mutating func accept(_ token: TokenID, probability: Double)
}

extension LogitsProcessor {
  /// Most processors depend on nothing but what has been read.
  public mutating func accept(_ token: TokenID, probability: Double) {}
}
