/// How often texts of each label got each label, one a text.
///
/// `counts[truth][told]`, both as indices of a `LabelSet`.
public struct ConfusionMatrix: Sendable, Equatable {
  /// Texts by the label that they have, and by the one that they got.
  public private(set) var counts: [[Int]]

  /// Of no texts yet.
  public init(labelCount: Int) {
    counts = Array(repeating: Array(repeating: 0, count: labelCount), count: labelCount)
  }

  /// Counts a text.
  public mutating func add(truth: Int, told: Int) {
    counts[truth][told] += 1
  }

  /// All texts.
  public var textCount: Int { counts.joined().reduce(0, +) }
  /// Those that got the label that they have.
  public var rightCount: Int { counts.indices.reduce(0) { $0 + counts[$1][$1] } }
  /// Texts that have each label.
  public var trueCounts: [Int] { counts.map { $0.reduce(0, +) } }
  /// Texts that got each label.
  public var toldCounts: [Int] {
    counts.indices.map { told in counts.reduce(0) { $0 + $1[told] } }
  }

  /// How the decisions for a label came out.
  public func decisions(for label: Int) -> DecisionCounts {
    let right = counts[label][label]
    return DecisionCounts(
      truePositives: right, falsePositives: toldCounts[label] - right,
      falseNegatives: trueCounts[label] - right)
  }

  /// Matthews' correlation of the labels that texts got with those that they have: 1 where all are right,
  /// 0 where one tells nothing of the other.
  ///
  /// With c texts right of s, t_k that have label k and p_k that got it:
  ///
  /// ```
  /// (c s − Σ p_k t_k) / √((s² − Σ p_k²) (s² − Σ t_k²))
  /// ```
  ///
  /// nil where all texts have one label, or all got one.
  ///
  /// Reference: J. Gorodkin, "Comparing two K-category assignments by a K-category correlation
  /// coefficient", Computational Biology and Chemistry 28, 2004.
  public var matthewsCorrelation: Double? {
    func product(_ left: [Int], _ right: [Int]) -> Double {
      zip(left, right).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    let (total, truth, told) = (Double(textCount), trueCounts, toldCounts)
    let spread =
      (total * total - product(told, told)) * (total * total - product(truth, truth))
    guard spread > 0 else { return nil }
    return (Double(rightCount) * total - product(told, truth)) / spread.squareRoot()
  }

  /// How many steps of the scale what was told is from the truth in the mean, for ordinal labels; nil of
  /// no texts.
  public var meanAbsoluteError: Double? {
    guard textCount > 0 else { return nil }
    return weightedSum { Double(abs($0 - $1)) } / Double(textCount)
  }

  /// Cohen's kappa with quadratic weights, for ordinal labels: 1 where all is right, 0 where it is what
  /// chance would do, and below where it is worse.
  ///
  /// With w_ij = (i − j)², the counts O and those expected by chance E_ij = t_i p_j / s:
  ///
  /// ```
  /// 1 − Σ w_ij O_ij / Σ w_ij E_ij
  /// ```
  ///
  /// nil where all texts have one label and got that one, and of no texts.
  ///
  /// Reference: Jacob Cohen, "Weighted kappa: Nominal scale agreement provision for scaled disagreement or
  /// partial credit", Psychological Bulletin 70, 1968.
  public var quadraticKappa: Double? {
    func weight(_ truth: Int, _ told: Int) -> Double {
      Double(truth - told) * Double(truth - told)
    }
    let (total, trueCounts, toldCounts) = (Double(textCount), trueCounts, toldCounts)
    var expected = 0.0
    for (truth, trueCount) in trueCounts.enumerated() {
      for (told, toldCount) in toldCounts.enumerated() {
        expected += weight(truth, told) * Double(trueCount) * Double(toldCount)
      }
    }
    guard expected > 0 else { return nil }
    return 1 - weightedSum(weight) * total / expected
  }

  private func weightedSum(_ weight: (Int, Int) -> Double) -> Double {
    var sum = 0.0
    for (truth, row) in counts.enumerated() {
      for (told, count) in row.enumerated() { sum += weight(truth, told) * Double(count) }
    }
    return sum
  }
}
