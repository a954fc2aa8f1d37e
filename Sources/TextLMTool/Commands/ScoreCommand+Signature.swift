import TextLM

extension ScoreCommand {
  /// All that a number depends on beside the text, in one line: two numbers of one text may be compared
  /// where their lines differ in nothing but the model. `context` is said instead of the options'.
  func signature(_ model: TextModel, _ mixture: ModelMixture?, context: String? = nil) -> String {
    let description = model.tokenizer.description
    var parts = [
      "textlm", "model:\(model.checksum.prefix(12))", "unit:\(description.unit)",
      "direction:\(model.configuration.direction.rawValue)",
      "context:\(context ?? contextOptions.summary)",
      "condition:\(contextOptions.condition == nil ? "no" : "yes")",
      "ends:\(measuresEnds ? "yes" : "no")", "precision:\(precision.forMeasuring.rawValue)",
    ]
    if mixture != nil { parts.append("interpolated:yes") }
    if adaptation.isWanted { parts.append("adapted:yes") }
    return
      (parts + ["unicode:\(description.unicodeVersion)", "version:\(TextLMVersion.current)"])
      .joined(separator: "|")
  }
}
