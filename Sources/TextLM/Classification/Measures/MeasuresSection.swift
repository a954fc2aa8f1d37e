/// The part of a page that shows the measures of a classifier.
enum MeasuresSection {
  /// Tables and pictures, with what comes from labels escaped.
  static func html(_ measures: ClassificationMeasures) -> String {
    "<h2>What it was measured at</h2>\n" + summary(measures) + pictures(measures)
      + "<h2>Label by label</h2>\n" + labels(measures)
  }

  /// Beside those of plots. Numbers stay whole, and a table that is too wide is moved.
  static let rules =
    ConfusionDrawing.rules + """
      .measures{margin-bottom:1rem}\
      .measures th,.measures .number{overflow-wrap:normal;text-align:right}\
      .measures th:first-child{text-align:left}\
      .measures td:first-child{min-width:6rem}\
      .plots figure{max-width:44rem}\
      .matrix+.plots{margin-top:1rem}
      """

  private static func summary(_ measures: ClassificationMeasures) -> String {
    let rows = measures.summaryRows.map {
      "<tr><th>\($0.label)</th><td class=\"number\">\($0.value)</td></tr>\n"
    }
    return "<div class=\"scroll measures\"><table>\n\(rows.joined())</table></div>\n"
  }

  private static func pictures(_ measures: ClassificationMeasures) -> String {
    let names = measures.labels.names
    var wide = ""
    var figures: [String] = []
    if let confusion = measures.confusion {
      let drawing = ConfusionDrawing(confusion, names: names)
      let figure = "<figure class=\"matrix\">\n\(drawing.element)</figure>\n"
      if drawing.isWide { wide = figure } else { figures.append(figure) }
    }
    let roc = measures.rocCurve.map { Plot($0, of: names[1]) }
    let plots = [Plot(measures.calibration)] + (roc.map { [$0] } ?? [])
    figures += plots.map { "<figure>\n\(SVGPlot().element($0))</figure>\n" }
    return wide + "<div class=\"plots\">\n\(figures.joined())</div>\n"
  }

  private static func labels(_ measures: ClassificationMeasures) -> String {
    let cells = measures.labelRows.map { row in
      row.enumerated().map { column, cell in
        "<td\(column == 0 ? " dir=\"auto\"" : " class=\"number\"")>\(MarkupText.escaped(cell))</td>"
      }.joined()
    }
    let rows = cells.map { "<tr>\($0)</tr>\n" }.joined()
    let header = ClassificationMeasures.labelHeader.map { "<th>\($0)</th>" }.joined()
    return "<div class=\"scroll measures\"><table>\n<tr>\(header)</tr>\n\(rows)</table></div>\n"
  }
}
