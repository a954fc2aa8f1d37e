/// Labelled data that cannot be read or used.
public enum LabelledDataError: Error, Equatable {
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
  case undecidedColumn(path: String, role: String, columns: [String])
  /// A setting of the reading and the format do not go together.
  case settings(String)
  /// The name of a file or its folder has no label in it.
  case noLabelInName(path: String, LabelOrigin)
  /// A set of labels is empty.
  case noLabels
  /// A label is the empty text.
  case emptyLabel
  /// An ordinal label is no number.
  case noNumber(label: String)
  /// Stored labels are not in their order.
  case labelOrder(names: [String])
  /// All texts have the same label.
  case oneLabel(name: String, textCount: Int)
  /// The data has labels that the classifier does not know.
  case unknownLabels([UnknownLabel], known: [String])
  /// The part to hold out is no part.
  case fraction(Double)
  /// The part to hold out has no text in it.
  case nothingToValidateOn(fraction: Double, textCount: Int)
  /// There are not as many texts as folds.
  case foldCount(Int, textCount: Int)
}

extension LabelledDataError: CustomStringConvertible {
  /// What is wrong, where, and what to do about it.
  public var description: String { "" }
}
