import ArgumentParser
import TextLM

/// `textlm inspect`: shows what a model is and where it comes from.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show a model's parts with their sizes, and what it was trained on and how.")

  @OptionGroup var modelOptions: ModelOptions

  @Argument(
    help: ArgumentHelp("The model; the same as --model.", valueName: "path"))
  var path: String?

  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if path != nil && modelOptions.model != nil {
      throw ValidationError("give the model once: as an argument or with --model")
    }
  }

  func run() throws {
    var options = modelOptions
    options.model = path ?? modelOptions.model
    let model = try options.load(shared)
    switch shared.format {
    case .json:
      let object: JSONValue = [
        "config": model.configuration.json, "parameters": JSONValue(model.parameterCount),
        "vocabulary": JSONValue(model.tokenizer.vocabulary.count),
        "tensors": .array(
          model.languageModel.parameters.map { parameter in
            [
              "name": JSONValue(parameter.path),
              "shape": .array(parameter.shape.dimensions.map { JSONValue($0) }),
            ]
          }),
        "training": model.card,
      ]
      try Console.standardOutput(object.text() + "\n")
    case .text:
      try Console.standardOutput("\(ParameterTree(model.languageModel.parameters))\n\n")
      try printCard(model)
    }
  }

  private func printCard(_ model: TextModel) throws {
    let vocabulary = model.tokenizer.vocabulary
    try row("vocabulary", "\(Numbers.grouped(vocabulary.count)) tokens")
    try row("unit", model.tokenizer.description.unit)
    try row("normalizer", model.tokenizer.description.normalizer)
    guard case .object(let card) = model.card else { return }
    for member in card.members {
      try print(member.value, label: member.key)
    }
  }

  /// Objects become a row for each member, which keeps the card readable without knowing its keys.
  private func print(_ value: JSONValue, label: String) throws {
    if case .object(let object) = value {
      for member in object.members { try print(member.value, label: "\(label).\(member.key)") }
    } else if case .string(let text) = value {
      try row(label, text)
    } else if case .array(let elements) = value, !elements.isEmpty, case .object = elements[0] {
      for (index, element) in elements.enumerated() {
        try print(element, label: "\(label)[\(index)]")
      }
    } else {
      try row(label, try value.text())
    }
  }

  private func row(_ label: String, _ value: String) throws {
    let padding = String(repeating: " ", count: max(1, 34 - label.count))
    try Console.standardOutput(untrusted: label + padding + value)
    try Console.standardOutput("\n")
  }
}
