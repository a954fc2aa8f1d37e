extension ClassificationMeasures {
  /// The measures for people to read, each a label and a value; what is undefined is a dash.
  package var summaryRows: [(label: String, value: String)] {
    let (macro, micro) = (macro, micro)
    func three(_ precision: Double?, _ recall: Double?, _ f1: Double?) -> String {
      [precision, recall, f1].map(Self.part).joined(separator: " / ")
    }
    var rows = [("texts", Numbers.grouped(textCount)), ("accuracy", Self.part(accuracy))]
    if let interval = accuracyInterval {
      let bounds = [interval.lowerBound, interval.upperBound].map { Self.part($0) }
      rows.append(("95 % between", bounds.joined(separator: " and ")))
    }
    if confusion == nil {
      rows.append(("right decisions", Self.part(decisionAccuracy)))
      // Where a text has one label, all three are the accuracy.
      rows.append(("micro P / R / F1", three(micro.precision, micro.recall, micro.f1)))
    }
    rows.append(("macro P / R / F1", three(macro?.precision, macro?.recall, macro?.f1)))
    if confusion != nil { rows.append(("Matthews correlation", Self.part(matthewsCorrelation))) }
    rows.append(("ROC AUC", Self.part(rocArea)))
    rows.append(("log loss, nats", Self.part(logLoss)))
    rows.append(("calibration error", Self.part(expectedCalibrationError)))
    if labels.kind == .ordinal {
      rows.append(("mean absolute error", Self.part(meanAbsoluteError)))
      rows.append(("quadratic kappa", Self.part(quadraticKappa)))
    }
    return rows
  }

  /// What stands over the columns of `labelRows`.
  package static let labelHeader = ["label", "texts", "got it", "precision", "recall", "F1", "AUC"]

  /// A row for each label: how many texts have it, how many got it, and what that is worth. Names are
  /// made harmless for a terminal.
  package var labelRows: [[String]] {
    labelMeasures.map { label in
      let counts = label.counts
      return [
        TerminalText.visible(label.name), Numbers.grouped(counts.trueCount),
        Numbers.grouped(counts.toldCount), Self.part(counts.precision), Self.part(counts.recall),
        Self.part(counts.f1), Self.part(label.rocArea),
      ]
    }
  }

  private static func part(_ value: Double?) -> String {
    value.map { Numbers.fixed($0, 4) } ?? "-"
  }
}
