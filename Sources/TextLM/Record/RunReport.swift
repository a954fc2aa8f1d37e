/// The file `report.html`: a run at a glance, in one file that needs nothing else.
///
/// Curves, what they say, what the model wrote on the way, the training card and the vocabulary.
/// Everything that comes from texts, models and file names is escaped.
struct RunReport {
  /// The name of the file in a run's folder.
  static let name = "report.html"

  /// What the run is called.
  let runName: String
  let record: RunRecord
  let diagnosis: Diagnosis
  /// The training card.
  let card: JSONValue
  let vocabulary: Vocabulary

  /// Rows of the vocabulary that are shown; a page of a hundred thousand words opens slowly.
  private static let vocabularyLimit = 300
  /// Samples that are shown; of more, the first, the last, and some between them.
  private static let sampleLimit = 12

  /// The page.
  func html() throws -> String {
    PlotPage.html(
      title: runName, body: summary + words + curves + samples + (try cardTable) + vocabularyTable)
  }

  private var summary: String {
    guard let last = record.steps.last else { return "<p>No step was taken yet.</p>\n" }
    var text =
      "\(Numbers.grouped(last.step)) steps, \(Numbers.fixed(last.epoch, 1)) epochs, "
      + Numbers.duration(last.elapsedSeconds)
    if let best = record.best {
      text +=
        "; best validation <strong>\(Numbers.fixed(best.natsPerToken, 4)) nats per token</strong> "
        + "after step \(Numbers.grouped(best.step))"
    }
    return "<p>\(text).</p>\n"
  }

  private var words: String {
    guard !diagnosis.sentences.isEmpty else { return "" }
    let items = diagnosis.sentences.map { "<li>\(MarkupText.escaped($0)).</li>\n" }.joined()
    return "<h2>Diagnosis</h2>\n<ul>\n\(items)</ul>\n"
  }

  private var curves: String {
    let figures = RunMetric.allCases.map {
      "<figure>\n\(SVGPlot().element(Plot(record, $0)))</figure>\n"
    }
    return "<h2>Curves</h2>\n<div class=\"plots\">\n\(figures.joined())</div>\n"
  }

  private var samples: String {
    let all = record.samples
    guard !all.isEmpty else { return "" }
    let count = min(all.count, Self.sampleLimit)
    let shown = (0..<count).map { all[count == 1 ? 0 : $0 * (all.count - 1) / (count - 1)] }
    let texts = shown.reversed().map { sample -> String in
      let loss = record.measurements.last { $0.step <= sample.step }?.natsPerToken
      let remark = loss.map { ", validation \(Numbers.fixed($0, 3)) nats" } ?? ""
      // HTML drops a line end right after the tag, hence one more.
      return "<p class=\"soft\">After step \(Numbers.grouped(sample.step))\(remark)</p>\n"
        + "<pre dir=\"auto\">\n\(MarkupText.escaped(sample.text))</pre>\n"
    }
    return "<h2>What it wrote on the way, the latest first</h2>\n" + texts.joined()
  }

  private var cardTable: String {
    get throws {
      "<h2>Training card</h2>\n" + (try card.htmlTable())
    }
  }

  private var vocabularyTable: String {
    let total = vocabulary.counts.reduce(0, +)
    let count = min(vocabulary.unitCount, Self.vocabularyLimit)
    let rows = (0..<count).map { index -> String in
      let row = VocabularyRow(vocabulary, at: index, total: total)
      let unit = MarkupText.escaped(TerminalText.visible(row.unit.string))
      return "<tr><td dir=\"auto\">\(unit)</td>"
        + "<td class=\"number\">\(Numbers.grouped(row.count))</td>"
        + "<td class=\"number\">\(Numbers.fixed(100 * row.share, 3)) %</td>"
        + "<td>\(MarkupText.escaped(row.codePoints))</td>"
        + "<td>\(MarkupText.escaped(row.name))</td></tr>\n"
    }
    let rest = vocabulary.unitCount - count
    let more = rest > 0 ? "<p class=\"soft\">and \(Numbers.grouped(rest)) rarer ones</p>\n" : ""
    return "<h2>Vocabulary</h2>\n<details><summary>\(Numbers.grouped(vocabulary.unitCount)) units, "
      + "\(Numbers.grouped(total)) in the text</summary>\n<div class=\"scroll\"><table>\n"
      + "<tr><th>unit</th><th>count</th><th>share</th><th>code point</th><th>name</th></tr>\n"
      + rows.joined() + "</table></div>\n\(more)</details>\n"
  }
}
