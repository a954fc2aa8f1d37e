/// How well a classifier does on texts that it did not learn from, in two numbers.
public struct ClassifierValidation: Sendable, Equatable {
  /// The texts.
  public let textCount: Int
  /// Mean −ln of the probability of the truth: of the class, or over all labels or thresholds.
  public let nats: Double
  /// The part of the texts whose likeliest class, of equally likely ones the first, is the true one, or where there may be several labels the
  /// part of all decisions about a label, at a probability of a half, that is right.
  public let accuracy: Double
}

extension ClassifierValidation {
  /// Measures logits, one row a text.
  init(_ kind: LabelKind, logits: [[Float]], truth: [[Int]]) {
    var (nats, right, answers) = (0.0, 0, 0)
    for (logits, truth) in zip(logits, truth) {
      nats += ClassifierHead.nats(kind, logits: logits, truth: truth)
      if kind == .multiple {
        answers += logits.count
        right += logits.indices.count { (logits[$0] >= 0) == truth.contains($0) }
      } else {
        let found = ClassifierHead.probabilities(kind, logits: logits)
        answers += 1
        // Of equally likely classes the first is told; what is not a number is never right.
        let told = found.firstIndex { greatest in found.allSatisfy { $0 <= greatest } }
        if told == truth[0] { right += 1 }
      }
    }
    self.init(
      textCount: truth.count, nats: nats / Double(max(truth.count, 1)),
      accuracy: Double(right) / Double(max(answers, 1)))
  }
}
