/// What a classifier made of one label.
public struct LabelMeasures: Sendable, Equatable {
  /// The label.
  public let name: String
  /// How the decisions for it came out.
  public let counts: DecisionCounts
  /// The area under its ROC curve against all other labels; nil where no text has it, or every text.
  public let rocArea: Double?
}
