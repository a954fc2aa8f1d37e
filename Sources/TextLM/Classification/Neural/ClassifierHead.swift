#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a classifier makes of a text's vector: y = W v + b, and what y means.
///
/// | Labels | Outputs | Probabilities |
/// | --- | --- | --- |
/// | single | K | softmax(y) |
/// | multiple | K | σ(yₖ) each |
/// | ordinal | K − 1 | sₖ = σ(yₖ) is that of a class above k; of class k sₖ₋₁ − sₖ, with s₋₁ = 1 and s of the last 0 |
///
/// Cumulative probabilities that rise, which nothing prevents, count as the least before them, so that no
/// difference is negative. Parameters: `weight` and `bias`, zeros at first: a head that has learned nothing is
/// undecided, however large the vectors of an architecture are.
///
/// Reference for ordinal labels: Eibe Frank and Mark Hall, "A Simple Approach to Ordinal Classification",
/// 2001.
package struct ClassifierHead: Sendable {
  let labels: LabelSet
  private let linear: Linear

  init(_ labels: LabelSet, vectorSize: Int, in scope: ParameterScope) throws {
    self.labels = labels
    linear = try Linear(
      inputSize: vectorSize, outputSize: Self.outputCount(labels), initializer: .zeros, in: scope)
  }

  /// The number of outputs.
  static func outputCount(_ labels: LabelSet) -> Int {
    labels.kind == .ordinal ? labels.count - 1 : labels.count
  }

  /// Logits [B, outputs] of vectors [B, D].
  func callAsFunction(_ vectors: Tensor, _ pass: ForwardPass) -> Tensor { linear(vectors, pass) }

  /// The probabilities of the classes for the logits of one text.
  package static func probabilities(_ kind: LabelKind, logits: some Collection<Float>) -> [Double] {
    let logits = logits.map(Double.init)
    switch kind {
    case .single:
      let greatest = logits.max() ?? 0
      let powers = logits.map { exp($0 - greatest) }
      let total = powers.reduce(0, +)
      return powers.map { $0 / total }
    case .multiple:
      return logits.map(logistic)
    case .ordinal:
      var rest = 1.0
      return logits.map { logit in
        let above = Swift.min(rest, logistic(logit))
        defer { rest = above }
        return rest - above
      } + [rest]
    }
  }

  /// −ln of the probability of the truth about one text, in nats: of its class, or the mean over the
  /// labels where there may be several, and over the thresholds where they are ordered.
  ///
  /// Computed from logits, so that it is finite however sure and wrong they are.
  static func nats(_ kind: LabelKind, logits: some Collection<Float>, truth: [Int]) -> Double {
    let logits = logits.map(Double.init)
    switch kind {
    case .single:
      let greatest = logits.max() ?? 0
      let total = logits.reduce(0) { $0 + exp($1 - greatest) }
      return greatest + log(total) - logits[truth[0]]
    case .multiple, .ordinal:
      let sum = logits.enumerated().reduce(0) { sum, output in
        let isTrue = isTrue(kind, output: output.offset, truth: truth)
        return sum + softplus(isTrue ? -output.element : output.element)
      }
      return sum / Double(Swift.max(logits.count, 1))
    }
  }

  /// What an output that is a sigmoid should say.
  static func isTrue(_ kind: LabelKind, output: Int, truth: [Int]) -> Bool {
    kind == .ordinal ? truth[0] > output : truth.contains(output)
  }

  private static func logistic(_ value: Double) -> Double { 1 / (1 + exp(-value)) }

  /// ln(1 + eˣ).
  private static func softplus(_ value: Double) -> Double {
    Swift.max(value, 0) + log1p(exp(-abs(value)))
  }
}
