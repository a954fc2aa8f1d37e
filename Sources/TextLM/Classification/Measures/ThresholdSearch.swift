/// The thresholds at which the decisions for labels have the greatest F1 on validation texts.
///
/// A threshold decides for a label where its probability is at least as great. Only the order of the
/// validation texts matters: between two probabilities next to each other all thresholds decide alike, and
/// the one in the middle is taken, below the least probability the one half as great. Of places with the same
/// F1 it is the one nearest to 0.5, and of two as near the greater. For a label that no validation text
/// has, it is `LabelSet.standardThreshold`.
///
/// Reference: Zachary C. Lipton, Charles Elkan and Balakrishnan Naryanaswamy, "Optimal Thresholding of
/// Classifiers to Maximize F1 Measure", 2014.
public enum ThresholdSearch {
  /// One threshold for each label.
  ///
  /// Of few texts the best threshold is chance. A threshold t that was found for n texts with the label is
  /// therefore drawn to (n t + m / 2) / (n + m), where m texts are given for that.
  ///
  /// O(texts · log texts) for each label.
  ///
  /// - Parameters:
  ///   - probabilities: Of each text one for each label, `[text][label]`.
  ///   - truth: Of each text the indices of its labels.
  ///   - labelCount: How many labels there are.
  ///   - steadyingCount: m, 0 for the best thresholds as they are.
  public static func thresholds(
    probabilities: [[Double]], truth: [[Int]], labelCount: Int, steadyingCount: Int = 0
  ) -> [Double] {
    require(
      probabilities.count == truth.count && probabilities.allSatisfy { $0.count == labelCount },
      "threshold search: \(probabilities.count) rows of probabilities for \(truth.count) texts")
    return (0..<labelCount).map { label in
      let hasLabel = truth.map { $0.contains(label) }
      let best = threshold(probabilities: probabilities.map { $0[label] }, hasLabel: hasLabel)
      let (count, steadying) = (Double(hasLabel.count { $0 }), Double(steadyingCount))
      guard steadying > 0 else { return best }
      return (count * best + steadying * LabelSet.standardThreshold) / (count + steadying)
    }
  }

  /// The threshold of one label, of which each text has a probability.
  static func threshold(probabilities: [Double], hasLabel: [Bool]) -> Double {
    let trueCount = hasLabel.count { $0 }
    guard trueCount > 0 else { return LabelSet.standardThreshold }
    let order = probabilities.indices.sorted { probabilities[$0] > probabilities[$1] }
    var best = (right: 0, count: 1, threshold: LabelSet.standardThreshold)
    var (right, place) = (0, 0)
    while place < order.count {
      let value = probabilities[order[place]]
      while place < order.count, probabilities[order[place]] == value {
        right += hasLabel[order[place]] ? 1 : 0
        place += 1
      }
      let next = place < order.count ? probabilities[order[place]] : 0
      let middle = next + (value - next) / 2
      // Between neighbours among the numbers there is none.
      let threshold = middle > next ? middle : value
      // F1 is 2 right / (told + true); fractions are compared without rounding.
      let count = place + trueCount
      let (new, old) = (right * best.count, best.right * count)
      if new > old || (new == old && isBetter(threshold, than: best.threshold)) {
        best = (right, count, threshold)
      }
    }
    return best.threshold
  }

  /// Thresholds come in descending order, so that of two as near the greater one stays.
  private static func isBetter(_ threshold: Double, than other: Double) -> Bool {
    abs(threshold - LabelSet.standardThreshold) < abs(other - LabelSet.standardThreshold)
  }
}
