import TextLM

extension ClassificationMeasures {
  /// More labels than these have no confusion matrix on a screen.
  private static let confusionLimit = 12

  /// The lines of `classify evaluate`: the measures, a table of labels, and the confusion matrix with
  /// a row for what is true and a column for what was told.
  var lines: [String] {
    let numbers = summaryRows.map { label, value in
      label + String(repeating: " ", count: max(1, 22 - label.count)) + value
    }
    let table = TextTable.lines([Self.labelHeader] + labelRows, left: [0])
    return numbers + [""] + table + confusionLines
  }

  private var confusionLines: [String] {
    guard let confusion, labels.names.count <= Self.confusionLimit else { return [] }
    let names = labels.names.map(TerminalText.visible)
    let rows = zip(names, confusion.counts).map { [$0] + $1.map(Numbers.grouped) }
    return [""] + TextTable.lines([["true \\ got"] + names] + rows, left: [0])
  }
}

extension McNemarTest {
  /// The lines of a comparison of two classifiers, each a label and a value.
  var rows: [(String, String)] {
    [
      ("only a is right", Numbers.grouped(firstOnlyCount)),
      ("only b is right", Numbers.grouped(secondOnlyCount)),
      (chiSquared == nil ? "p, binomial" : "p, chi-squared", Numbers.significant(pValue)),
    ]
  }
}
