import TextLM

extension InspectCommand {
  /// Shows what a classifier is and where it comes from.
  func show(_ classifier: TextClassifier) throws {
    switch output.format {
    case .json:
      try Console.standardOutput(JSONValue.object(object(classifier)).text() + "\n")
    case .text:
      try Console.standardOutput("\(classifier)\n\n")
      for line in TextTable.lines([["label", "texts"]] + labelRows(classifier), left: [0]) {
        try Console.standardOutput(line + "\n")
      }
      try Console.standardOutput("\n")
      try show(rows(classifier))
      if output.verbose, let tokenizer = classifier.tokenizer { try showUnits(of: tokenizer) }
    }
  }

  /// The same members as of a language model, and the labels.
  private func object(_ classifier: TextClassifier) -> JSONObject {
    var object: JSONObject = [
      "config": classifier.config, "architecture": JSONValue(classifier.architectureName),
      "labels": .array(labels(of: classifier)),
      "parameters": JSONValue(classifier.parameterCount),
      "vocabulary": classifier.tokenizer.map { JSONValue($0.vocabulary.count) } ?? .null,
      "checksum": classifier.checksum.map { JSONValue("sha256:" + $0) } ?? .null,
      "tensors": .array(classifier.safetensorsEntries.map { Self.tensor($0.name, $0.shape) }),
      "training": classifier.card,
    ]
    switch classifier.model {
    case .ngrams(let model):
      object.append("features", .array(model.featureCounts.map { JSONValue($0) }))
    case .probe(let model):
      object.append("used_units", JSONValue(model.usedUnitCount))
    case .network: break
    }
    if output.verbose, let tokenizer = classifier.tokenizer {
      object.append("units", units(of: tokenizer))
    }
    return object
  }

  /// Each label with how many of the texts learned from have it, null where that is not known.
  private func labels(of classifier: TextClassifier) -> [JSONValue] {
    classifier.labels.names.enumerated().map { index, name in
      [
        "name": JSONValue(name),
        "texts": classifier.labelCounts.map { JSONValue($0[index]) } ?? .null,
      ]
    }
  }

  private func labelRows(_ classifier: TextClassifier) -> [[String]] {
    classifier.labels.names.enumerated().map { index, name in
      [
        TerminalText.visible(name),
        classifier.labelCounts.map { Numbers.grouped($0[index]) } ?? "-",
      ]
    }
  }

  /// Rows of the configuration and of the card that are shown in another place.
  private static let toldElsewhere: Set = ["kind", "architecture", "labels.names", "label_counts"]

  /// What it is, what reads its texts, and its card.
  private func rows(_ classifier: TextClassifier) throws -> [(String, String)] {
    let checksum = classifier.checksum ?? "none"
    var rows = [
      ("architecture", classifier.architectureName),
      ("parameters", Numbers.grouped(classifier.parameterCount)),
    ]
    rows += try told(classifier.config)
    rows +=
      classifier.tokenizer.map { tokenizerRows($0, checksum: checksum) }
      ?? [("checksum", "sha256:" + checksum)]
    rows += try told(classifier.card)
    return rows
  }

  private func told(_ json: JSONValue) throws -> [(String, String)] {
    try json.rows().filter { row in
      // A network's settings repeat what it is.
      !Self.toldElsewhere.contains(row.label) && !row.label.hasPrefix("settings.config.")
    }.map { ($0.label, $0.value) }
  }
}
