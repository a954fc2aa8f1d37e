/// How the decisions for one label, or for several together, came out.
///
/// ```
/// precision = TP / (TP + FP)    recall = TP / (TP + FN)    F1 = 2 TP / (2 TP + FP + FN)
/// ```
///
/// Each is nil where it would be 0 / 0: the precision of a label that no text got, the recall of one that no
/// text has, and F1 where both are so.
///
/// Reference: C. J. van Rijsbergen, "Information Retrieval", 2nd edition, 1979.
public struct DecisionCounts: Sendable, Equatable {
  /// TP: texts that have the label and got it.
  public var truePositives: Int
  /// FP: texts that got the label and do not have it.
  public var falsePositives: Int
  /// FN: texts that have the label and did not get it.
  public var falseNegatives: Int

  /// These counts.
  public init(truePositives: Int = 0, falsePositives: Int = 0, falseNegatives: Int = 0) {
    self.truePositives = truePositives
    self.falsePositives = falsePositives
    self.falseNegatives = falseNegatives
  }

  /// Texts that have the label: its support.
  public var trueCount: Int { truePositives + falseNegatives }
  /// Texts that got the label.
  public var toldCount: Int { truePositives + falsePositives }

  /// The part of the texts that got the label which have it.
  public var precision: Double? { Self.ratio(truePositives, toldCount) }
  /// The part of the texts that have the label which got it.
  public var recall: Double? { Self.ratio(truePositives, trueCount) }
  /// The harmonic mean of both.
  public var f1: Double? { Self.ratio(2 * truePositives, toldCount + trueCount) }

  /// The decisions of both together.
  public static func + (left: DecisionCounts, right: DecisionCounts) -> DecisionCounts {
    DecisionCounts(
      truePositives: left.truePositives + right.truePositives,
      falsePositives: left.falsePositives + right.falsePositives,
      falseNegatives: left.falseNegatives + right.falseNegatives)
  }

  private static func ratio(_ part: Int, _ whole: Int) -> Double? {
    whole > 0 ? Double(part) / Double(whole) : nil
  }
}
