/// Which part of the texts with a label is found, at the price of which part of those without it, from the
/// strictest threshold to the laxest.
///
/// Reference: Tom Fawcett, "An introduction to ROC analysis", Pattern Recognition Letters 27, 2006.
public struct ROCCurve: Sendable, Equatable {
  /// From (0, 0) to (1, 1): to the right the false positive rate, upwards the true positive rate. Texts of
  /// one probability are one step, since no threshold parts them.
  public let points: [PlotPoint]
  /// The area under it: how often a text with the label has a greater probability than one without, of equal
  /// ones each half. 0.5 is chance.
  public let area: Double

  /// The curve of texts with these probabilities of the label, and whether they have it; nil unless there
  /// are texts with it and texts without.
  ///
  /// O(n log n).
  public init?(probabilities: [Double], hasLabel: [Bool]) {
    require(
      probabilities.count == hasLabel.count,
      "ROC curve: \(probabilities.count) probabilities of \(hasLabel.count) texts")
    let positiveCount = hasLabel.count { $0 }
    let negativeCount = hasLabel.count - positiveCount
    guard positiveCount > 0, negativeCount > 0 else { return nil }
    let order = probabilities.indices.sorted { probabilities[$0] > probabilities[$1] }
    var points = [PlotPoint(0, 0)]
    var (truePositives, falsePositives) = (0, 0)
    // Pairs in the right order, counted twice so that a half is whole.
    var doubledPairs = 0.0
    var start = 0
    while start < order.count {
      let value = probabilities[order[start]]
      var (found, price) = (0, 0)
      while start < order.count, probabilities[order[start]] == value {
        if hasLabel[order[start]] { found += 1 } else { price += 1 }
        start += 1
      }
      doubledPairs += Double(price) * Double(2 * truePositives + found)
      truePositives += found
      falsePositives += price
      points.append(
        PlotPoint(
          Double(falsePositives) / Double(negativeCount),
          Double(truePositives) / Double(positiveCount)))
    }
    self.points = points
    area = doubledPairs / (2 * Double(positiveCount) * Double(negativeCount))
  }
}
