import TextLM

/// A vocabulary as a table with a summary, or as one JSON object.
struct VocabularyView {
  private let vocabulary: Vocabulary
  private let summary: VocabularySummary
  /// The units to show, in their order.
  private let rows: [VocabularyRow]
  /// The token of the first unit.
  private let firstToken: Int

  init(_ vocabulary: Vocabulary, order: VocabularyOrder, top: Int) throws(TextError) {
    self.vocabulary = vocabulary
    summary = try VocabularySummary(vocabulary)
    let units = (0..<vocabulary.unitCount).map { vocabulary.unit(at: $0) }
    firstToken = vocabulary.count - vocabulary.unitCount - (vocabulary.hasByteFallback ? 256 : 0)
    let total = summary.count
    rows = try order.indices(units).prefix(top > 0 ? top : units.count).map { index in
      VocabularyRow(vocabulary, at: index, total: total)
    }
  }

  var json: JSONValue {
    func texts(_ units: [UTF8Text]) -> JSONValue { .array(units.map { JSONValue($0.string) }) }
    let scripts = summary.scripts.map { script -> JSONValue in
      [
        "name": JSONValue(script.name), "units": JSONValue(script.unitCount),
        "count": JSONValue(script.count),
      ]
    }
    let units = rows.map { row -> JSONValue in
      [
        "token": JSONValue(firstToken + row.index), "text": JSONValue(row.unit.string),
        "code_points": JSONValue(row.codePoints), "name": JSONValue(row.name),
        "script": JSONValue(row.script), "count": JSONValue(row.count),
        "share": JSONValue(row.share),
      ]
    }
    let report: JSONValue = [
      "tokens": JSONValue(vocabulary.count), "units": JSONValue(summary.unitCount),
      "count": JSONValue(summary.count), "byte_tokens": JSONValue(vocabulary.hasByteFallback),
      "occurring_once": JSONValue(summary.singleCount), "scripts": .array(scripts),
      "controls": texts(summary.controls), "private_use": texts(summary.privateUse),
      "unassigned": texts(summary.unassigned), "not_normalized": texts(summary.notNormalized),
      "bidi_controls": texts(summary.bidiControls),
      "confusable_pairs": JSONValue(summary.confusablePairCount),
      "confusable_across_scripts": .array(
        summary.confusables.map { [JSONValue($0.string), JSONValue($1.string)] }),
      "advice": .array(summary.advice(vocabulary).map { JSONValue($0) }),
    ]
    return ["units": .array(units), "summary": report]
  }

  /// The table and the summary; `notes` adds what could be done.
  func text(notes: Bool) -> String {
    table + "\n" + overview + (notes ? summary.advice(vocabulary).map { "\($0)\n" }.joined() : "")
  }

  private var table: String {
    var lines = [["unit", "code point", "count", "share", "script", "name"]]
    for row in rows {
      lines.append([
        TerminalText.visible(row.unit.string), row.codePoints, Numbers.grouped(row.count),
        Numbers.fixed(100 * row.share, 3) + " %", row.script, row.name,
      ])
    }
    let widths = (0..<5).map { column in lines.reduce(0) { max($0, $1[column].count) } }
    return lines.map { line in
      let cells = (0..<5).map { column in
        let padding = String(repeating: " ", count: widths[column] - line[column].count)
        // Numbers to the right, all else to the left.
        return column == 2 || column == 3 ? padding + line[column] : line[column] + padding
      }
      return (cells + [line[5]]).joined(separator: "  ") + "\n"
    }.joined()
  }

  private var overview: String {
    let others =
      vocabulary.hasByteFallback ? "the boundary, <unk> and 256 bytes" : "the boundary and <unk>"
    var text =
      "\(Numbers.grouped(summary.unitCount)) units beside \(others), "
      + "\(Numbers.grouped(summary.count)) in the text\n"
    text += Self.line(
      "scripts", summary.scripts.map { "\($0.name) \(Numbers.grouped($0.unitCount))" })
    for (label, units) in [
      ("controls", summary.controls), ("private use", summary.privateUse),
      ("unassigned", summary.unassigned), ("not normalized", summary.notNormalized),
      ("bidi controls", summary.bidiControls),
    ] {
      text += Self.line(
        label, units.map { $0.string.unicodeScalars.map { CharacterInfo($0).codePoint }.joined() })
    }
    let pairs = summary.confusables.map { left, right in
      TerminalText.visible(left.string) + "/" + TerminalText.visible(right.string)
    }
    text += Self.line("confusable across scripts", pairs)
    if summary.confusablePairCount > pairs.count {
      text += "confusable pairs in all: \(Numbers.grouped(summary.confusablePairCount))\n"
    }
    return text
  }

  /// The first of several things, and how many there are; nothing for none.
  private static func line(_ label: String, _ items: [String]) -> String {
    guard !items.isEmpty else { return "" }
    let shown = items.prefix(12).joined(separator: ", ")
    return "\(label): \(items.count) (\(shown)\(items.count > 12 ? ", ..." : ""))\n"
  }
}
