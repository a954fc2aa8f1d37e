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
      a regular expression, as generate --regex reads them.
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
    try text.check(shared.format)
  }

  func run() throws {
    try shared.apply()
    let model = try text.model.load(shared.output)
    let text = try self.text.firstDocument(model, shared.output)
    var findings: [UnitSurvey.Finding] = []
    if unit == nil || find != nil {
      let survey = try model.unitSurvey(
        text, named: self.text.title, finding: find.map { UnitFeature($0) })
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
