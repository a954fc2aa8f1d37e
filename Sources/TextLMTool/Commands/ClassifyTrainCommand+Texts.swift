import TextLM

extension ClassifyTrainCommand {
  /// What is learned from and what is validated on.
  func parts(_ labelled: LabelledData, seed: UInt64) throws -> ClassifierParts {
    guard validation.isEmpty else {
      let other = try reading.read(validation, labelled.kind, shared.output)
      let parts = try ClassifierParts(labelled, validation: other)
      let count = parts.crossing.count
      if count > 0 {
        shared.note(
          "warning: \(Numbers.grouped(count)) texts to validate on are also learned from, so that "
            + "what is measured is too good; the first: \(parts.crossing[0])")
      }
      return parts
    }
    let parts = try ClassifierParts(
      labelled, validationFraction: fraction, seed: seed)
    for name in parts.unsplitLabels {
      shared.note(
        "warning: only one text has the label \(TerminalText.visible(name)): it is learned from and "
          + "not measured")
    }
    return parts
  }

  /// Tells of texts that are there more than once.
  func noteDuplicates(_ labelled: LabelledData) throws {
    let found = try DuplicateTexts(labelled.texts)
    guard found.repeatCount > 0 else { return }
    let first = found.groups[0].map { "\(labelled.texts[$0].place)" }
    let conflicts =
      found.conflictCount == 0
      ? "" : ", and \(Numbers.grouped(found.conflictCount)) of them with different labels"
    shared.note(
      "warning: \(Numbers.grouped(found.repeatCount)) texts are there again\(conflicts): the same "
        + "texts are kept on one side when some are held out; the first: "
        + first.prefix(2).joined(separator: " and "))
  }

  /// What is trained on which texts, in a line.
  func describe(_ parts: ClassifierParts, _ method: ClassifierMethod) -> String {
    let names = parts.labels.names
    let shown =
      names.prefix(8).map(TerminalText.visible).joined(separator: ", ")
      + (names.count > 8 ? ", ..." : "")
    return "\(method.name) learns \(names.count) labels (\(shown)) from "
      + "\(Numbers.grouped(parts.training.count)) texts and is measured at "
      + "\(Numbers.grouped(parts.validation.count)), seed \(drawSeed)"
  }
}
