extension LabelSet {
  /// The threshold of a label for which none was looked for.
  public static let standardThreshold = 0.5

  /// The labels that a text gets for its probabilities, as indices in ascending order.
  ///
  /// Where a text has one label, it is the likeliest, and of equally likely ones the first. Where it may
  /// have several, it is each whose probability is its threshold at least: all, some or none of them.
  ///
  /// - Parameters:
  ///   - probabilities: One for each label.
  ///   - thresholds: One for each label, for labels of the kind `multiple` only; nil for
  ///     `standardThreshold`.
  public func decisions(_ probabilities: [Double], thresholds: [Double]? = nil) -> [Int] {
    require(
      probabilities.count == names.count,
      "decisions: \(probabilities.count) probabilities of \(names.count) labels")
    guard kind == .multiple else {
      let greatest = probabilities.max()
      return greatest.flatMap(probabilities.firstIndex(of:)).map { [$0] } ?? []
    }
    return probabilities.indices.filter {
      probabilities[$0] >= (thresholds?[$0] ?? Self.standardThreshold)
    }
  }
}
