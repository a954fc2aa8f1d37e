import TextLMTensors

extension LabelledDataError: CustomStringConvertible {
  /// What is wrong, where, and what to do about it.
  public var description: String {
    switch self {
    case .noTexts(let paths, 0, _):
      "\(Self.list(paths)): no labelled text in it; give a file with some"
    case .noTexts(let paths, let badRowCount, let first):
      "\(Self.list(paths)): no labelled text in it, but \(Numbers.grouped(badRowCount)) bad rows"
        + (first.map { ", the first of them \($0)" } ?? "")
        + "; look whether the format is the right one"
    case .badRow(let row):
      "\(row); mend it, or leave --strict away to leave such rows out"
    case .unknownFormat(let path):
      "\(path): neither a table nor JSON lines nor text with fastText's labels; name what it is with "
        + "--data-format, or where its label is with --label-from"
    case .jsonArray(let path):
      "\(path): is one JSON array; write each of its objects on a line of its own"
    case .missingColumn(let path, let name, let columns):
      "\(path): has no column \(quotedForMessage(name)); there are: \(quotedForMessage(columns))"
    case .ambiguousColumn(let path, let name):
      "\(path): several columns are called \(quotedForMessage(name)); give the number of one"
    case .undecidedColumn(let path, let role, let columns):
      "\(path): nothing tells which column has the \(role.rawValue); there are: "
        + "\(quotedForMessage(columns)): name one with --\(role.rawValue)-column"
    case .settings(let problem): problem
    case .noLabelInName(let path, .folder):
      "\(path): lies in no folder whose name could be its label"
    case .noLabelInName(let path, .fileName): "\(path): has no name that could be its label"
    case .noLabelInName(let path, .fileExtension):
      "\(path): its name has no extension that could be its label"
    case .noLabels: "there is no label"
    case .emptyLabel: "a label is empty"
    case .noNumber(let label):
      "the label \(quotedForMessage(label)) is no number, and ordinal labels are"
    case .labelOrder:
      "the stored labels are not in their order: the file is damaged, take another copy"
    case .oneLabel(let name, let textCount):
      "all \(Numbers.grouped(textCount)) texts have the same label, \(quotedForMessage(name)): there "
        + "is nothing to tell apart; give texts with at least two labels"
    case .unknownLabels(let labels, let known):
      "labels that the classifier does not know: "
        + labels.prefix(Self.listLimit).map(\.description).joined(separator: ", ")
        + (labels.count > Self.listLimit ? ", ..." : "") + "; it knows: \(quotedForMessage(known))"
    case .fraction(let value):
      "\(value) of the texts cannot be held out: give --validation-fraction a number above 0 and "
        + "below 1"
    case .nothingToValidateOn(let textCount, let labelCount):
      "\(Numbers.grouped(textCount)) texts with \(Numbers.grouped(labelCount)) labels cannot be "
        + "divided so that each label is learned from: give more texts for each label, or look whether "
        + "the label column is the right one"
    case .foldCount(let count, let textCount):
      "\(Numbers.grouped(textCount)) different texts cannot be divided into \(count) folds: give from "
        + "2 to as many folds as there are texts"
    }
  }

  private static let listLimit = 20

  private static func list(_ paths: [String]) -> String {
    paths.isEmpty
      ? "no file" : paths.prefix(3).joined(separator: ", ") + (paths.count > 3 ? ", ..." : "")
  }
}
