import ArgumentParser
import TextLM

/// `textlm show units`: what the units of a model follow.
struct ShowUnitsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "units",
    abstract: "Colour a text by one unit of the model, or find the unit to look at.",
    discussion: """
      Every model has the layer output, from which it predicts; recurrent ones have their states \
      too, such as hidden1 and cell1. The text is coloured by the unit given with --unit, or else by \
      the first of those in the table: with --find the units that follow what is looked for, by \
      their correlation with it, and otherwise those that vary most.

      By the names of the states generate --set-unit holds units at a value.

      Above zero the colour is orange, below it blue; without colours a row has digits above zero \
      and letters below it, 9 and i being the greatest.
      """)

  @OptionGroup var text: ShownTextOptions

  @Option(help: ArgumentHelp("The unit to show, such as output.17.", valueName: "layer.index"))
  var unit: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Rank the units by their correlation with this: quotes (being inside quotation marks), \
      line-length (the place in the line), word-start (the first letter of a word), or what matches \
      a regular expression, as generate --regex reads them. label=name finds units that follow a \
      label: the file is then a table of texts with labels, as classify train reads it, each of them \
      is read from the start, all characters of those with the label count 1 and all others 0, and \
      the first text with the label is shown.
      """, valueName: "feature"))
  var find: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Units in the table; 10 by default.", valueName: "n"))
  var top = 10

  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if let unit, UnitName(unit) == nil {
      throw ValidationError("--unit is \(unit), but must be layer.index, such as output.17")
    }
    if !(1...1 << 20).contains(top) {
      throw ValidationError("--top is \(top), but must be from 1 to \(1 << 20)")
    }
    if let find, find.isEmpty { throw ValidationError("--find is empty: say what to look for") }
    if let label, label.isEmpty {
      throw ValidationError("--find is label=, but must have a label's name behind it")
    }
    if label != nil, text.reading.documents != nil || text.reading.newlines != nil {
      throw ValidationError(
        "--documents and --newlines change nothing with --find label=: a table says itself what a "
          + "text is")
    }
    try text.check(shared.format)
  }

  /// The label whose units are looked for.
  private var label: String? {
    let start = "label="
    return find.flatMap { $0.hasPrefix(start) ? String($0.dropFirst(start.count)) : nil }
  }

  func run() throws {
    try shared.apply()
    let model = try text.model.load(shared.output)
    let (text, survey) = try surveyed(model)
    var findings: [UnitSurvey.Finding] = []
    if let survey {
      let layers = survey.layers.map { "\($0.name) (\(Numbers.grouped($0.size)))" }
      shared.note("layers: \(layers.joined(separator: ", "))")
      findings = Array(survey.findings.prefix(top))
    }
    guard let shown = unit.flatMap({ UnitName($0) }) ?? findings.first?.unit else { return }
    let activations = try model.activations(of: shown, in: text)
    guard !activations.places.isEmpty else { throw SeeingError.empty(source: self.text.title) }
    if shared.format == .json {
      return try print(activations, findings, model.tokenizer)
    }
    let shaded = ShadedText(activations, of: text, model.tokenizer)
    let isPage = try self.text.writePage(shared.output) {
      ShadedTextPage.html(
        title: "Unit \(shown) over \(self.text.title)", remarks: findings.map(Self.words), shaded)
    }
    if isPage { return }
    for line in TextTable.lines(findings.map(Self.row), left: [0]) {
      try Console.standardOutput(line + "\n")
    }
    try Console.standardOutput((findings.isEmpty ? "" : "\n") + Console.screen().text(shaded))
    try Console.standardOutput(shaded.legend + "\n")
  }

  /// The text to show, and what was measured, unless a unit is given and nothing is looked for.
  private func surveyed(_ model: TextModel) throws -> (text: UTF8Text, survey: UnitSurvey?) {
    if let label {
      let data = try self.text.labelled(shared.output)
      let survey = try model.unitSurvey(data, named: self.text.title, finding: label)
      let first = data.texts.first { text in
        text.labels.contains { $0.utf8.elementsEqual(label.utf8) } && !text.text.utf8.isEmpty
      }
      return (UTF8Text(first?.text ?? ""), survey)
    }
    let text = try self.text.firstDocument(model, shared.output)
    guard unit == nil || find != nil else { return (text, nil) }
    let survey = try model.unitSurvey(
      text, named: self.text.title, finding: find.map { UnitFeature($0) })
    return (text, survey)
  }

  private static func row(_ finding: UnitSurvey.Finding) -> [String] {
    let correlation = finding.correlation.map { ["correlation " + Numbers.fixed($0, 3)] } ?? []
    return [finding.unit.description] + correlation
      + ["deviation " + Numbers.fixed(finding.deviation, 4)]
  }

  private static func words(_ finding: UnitSurvey.Finding) -> String {
    row(finding).joined(separator: ", ") + "."
  }

  private func print(
    _ activations: UnitActivations, _ findings: [UnitSurvey.Finding], _ tokenizer: Tokenizer
  ) throws {
    let row: JSONValue = [
      "units": .array(
        findings.map { finding in
          [
            "unit": JSONValue(finding.unit.description),
            "correlation": finding.correlation.map { JSONValue($0) } ?? .null,
            "deviation": JSONValue(finding.deviation),
          ]
        }),
      "unit": JSONValue(activations.unit.description),
      "tokens": .array(activations.places.map { JSONValue(tokenizer.text(of: $0.token)) }),
      "values": .array(activations.places.map { JSONValue(Double($0.value)) }),
    ]
    try Console.standardOutput(row.text(nonFinite: .null) + "\n")
  }
}
