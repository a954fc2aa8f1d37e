/// The means of precision, recall and F1 over labels, each of which counts the same however many texts have
/// it.
///
/// The rule is scikit-learn's with `zero_division=0`: a value that is undefined for a label counts as 0.
public struct MacroAverage: Sendable, Equatable {
  /// The mean precision.
  public let precision: Double
  /// The mean recall.
  public let recall: Double
  /// The mean F1, which is not the F1 of the two other means.
  public let f1: Double

  /// The means over these labels; nil of none.
  init?(_ labels: [DecisionCounts]) {
    guard !labels.isEmpty else { return nil }
    func mean(_ value: (DecisionCounts) -> Double?) -> Double {
      labels.reduce(0) { $0 + (value($1) ?? 0) } / Double(labels.count)
    }
    precision = mean(\.precision)
    recall = mean(\.recall)
    f1 = mean(\.f1)
  }
}
