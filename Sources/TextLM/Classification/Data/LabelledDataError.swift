/// Labelled data that cannot be read or used.
public enum LabelledDataError: Error, Equatable {
  /// What a column may have.
  public enum Role: String, Sendable {
    /// The text.
    case text
    /// The label.
    case label
  }

  /// There is no labelled text in the files.
  case noTexts(paths: [String], badRowCount: Int, first: BadRow?)
  /// A row is no labelled text, and none may be left out.
  case badRow(BadRow)
  /// Nothing tells how the file is written.
  case unknownFormat(path: String)
  /// The file is one JSON array instead of an object a line.
  case jsonArray(path: String)
  /// A column that was asked for is not there.
  case missingColumn(path: String, name: String, columns: [String])
  /// Several columns have the name that was asked for.
  case ambiguousColumn(path: String, name: String)
  /// Nothing tells which column has the text or the label.
  case undecidedColumn(path: String, role: Role, columns: [String])
  /// Settings of the reading do not go together, or not with the format.
  case settings(String)
  /// The name of a file or its folder has no label in it.
  case noLabelInName(path: String, LabelOrigin)
  /// A set of labels is empty.
  case noLabels
  /// A label is the empty text.
  case emptyLabel
  /// An ordinal label is no number.
  case noNumber(label: String)
  /// Stored labels are not in their order, or twice there.
  case labelOrder
  /// All texts have the same label.
  case oneLabel(name: String, textCount: Int)
  /// The data has labels that the classifier does not know.
  case unknownLabels([UnknownLabel], known: [String])
  /// The part to hold out is no part.
  case fraction(Double)
  /// No text can be held out so that each label still has one to learn from.
  case nothingToValidateOn(textCount: Int, labelCount: Int)
  /// There are not as many different texts as folds, or fewer than two folds.
  case foldCount(Int, textCount: Int)
}
