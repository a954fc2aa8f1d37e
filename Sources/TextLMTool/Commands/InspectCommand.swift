import ArgumentParser
import TextLM

/// `textlm inspect`: shows what a model is and where it comes from.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show a model's parts with their sizes, and what it was trained on and how.",
    discussion: """
      The same as a tree and a table for people or, with --format json, as one object. --verbose \
      adds the vocabulary, each entry with how often the training text has it. Of a classifier it \
      shows the labels too, with how many of the texts learned from have each.
      """)

  @OptionGroup var modelOptions: ModelOptions

  @Argument(
    help: ArgumentHelp("The model; the same as --model.", valueName: "path"))
  var path: String?

  @OptionGroup var output: OutputOptions

  func validate() throws {
    if path != nil && modelOptions.model != nil {
      throw ValidationError("give the model once: as an argument or with --model")
    }
  }

  func run() throws {
    var options = modelOptions
    options.model = path ?? modelOptions.model
    let model: TextModel
    do {
      model = try options.load(output)
    } catch ModelError.classifier {
      return try show(ClassifierModelOptions.load(options.path, output))
    }
    switch output.format {
    case .json:
      var object: JSONObject = [
        "config": model.configuration.json, "parameters": JSONValue(model.parameterCount),
        "vocabulary": JSONValue(model.tokenizer.vocabulary.count),
        "checksum": JSONValue("sha256:" + model.checksum),
        "tensors": .array(
          model.languageModel.parameters.map { Self.tensor($0.path, $0.shape.dimensions) }),
        "training": model.card,
      ]
      if let counted = model.languageModel as? NGramModel {
        object.append("ngrams", .array(counted.ngramCounts.map { JSONValue($0) }))
      }
      if output.verbose { object.append("units", units(of: model.tokenizer)) }
      try Console.standardOutput(JSONValue.object(object).text() + "\n")
    case .text:
      let tree =
        (model.languageModel as? NGramModel)?.description
        ?? ParameterTree(model.languageModel.parameters).description
      try Console.standardOutput(tree + "\n\n")
      try printCard(model)
    }
  }

  /// The vocabulary's units in their order, with their counts.
  func units(of tokenizer: Tokenizer) -> JSONValue {
    let vocabulary = tokenizer.description.vocabulary
    return .array(
      zip(vocabulary.units, vocabulary.counts).map {
        ["text": JSONValue($0), "count": JSONValue($1)]
      })
  }

  /// A tensor by its name and its shape.
  static func tensor(_ name: String, _ shape: [Int]) -> JSONValue {
    ["name": JSONValue(name), "shape": .array(shape.map { JSONValue($0) })]
  }

  private func printCard(_ model: TextModel) throws {
    var rows = tokenizerRows(model.tokenizer, checksum: model.checksum)
    rows += try model.card.rows()
    try show(rows)
    if output.verbose { try showUnits(of: model.tokenizer) }
  }

  /// What is told of a tokenizer, with the checksum of its model.
  func tokenizerRows(_ tokenizer: Tokenizer, checksum: String) -> [(String, String)] {
    let description = tokenizer.description
    return [
      ("vocabulary", "\(Numbers.grouped(tokenizer.vocabulary.count)) tokens"),
      ("unit", description.unit), ("checksum", "sha256:" + checksum),
    ] + preparationRows(description.preparation)
  }

  /// Shows the vocabulary, below a blank line.
  func showUnits(of tokenizer: Tokenizer) throws {
    try Console.standardOutput("\n")
    let vocabulary = tokenizer.description.vocabulary
    try show(
      zip(vocabulary.units, vocabulary.counts).map { unit, count in
        (TerminalText.visible(unit), Numbers.grouped(count))
      })
  }

  /// The normalizer, and what else is done to text before it is cut into units.
  private func preparationRows(
    _ preparation: TextPreparationDescription
  ) -> [(String, String)] {
    let standard = TextPreparationDescription()
    let rows: [(String, String?, String?)] = [
      ("newlines", preparation.newlines, standard.newlines),
      ("case", preparation.caseMapping, standard.caseMapping),
      ("locale", preparation.locale, standard.locale),
      ("transliterate", preparation.transliteration, nil),
      ("keep", preparation.kept, nil), ("drop", preparation.dropped, nil),
    ]
    return [("normalizer", preparation.normalizer)]
      + rows.compactMap { label, value, standard in
        value == standard ? nil : value.map { (label, $0) }
      }
  }

  /// Shows rows with their values in one column.
  func show(_ rows: [(String, String)]) throws {
    let width = rows.reduce(0) { max($0, $1.0.count) } + 2
    for (label, value) in rows {
      let padding = String(repeating: " ", count: width - label.count)
      try Console.standardOutput(untrusted: label + padding + value)
      try Console.standardOutput("\n")
    }
  }
}
