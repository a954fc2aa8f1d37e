/// What the labels of a data set mean.
public enum LabelKind: String, Sendable, CaseIterable {
  /// A text has one of the labels, which are in no order.
  case single
  /// A text has any number of the labels, or none.
  case multiple
  /// A text has one of the labels, which are numbers and ordered by their values, such as stars.
  case ordinal
}
