import ArgumentParser
import TextLM

extension ClassifyTrainCommand {
  /// Prints what `--dry-run` tells.
  func printPlan(_ plan: ClassifierPlan) throws {
    let facts = [
      plan.parameterCount.map { "\(Numbers.grouped($0)) parameters" },
      plan.vocabularySize.map { "vocabulary \($0)" },
      plan.stepsPerEpoch.map { "\(Numbers.grouped($0)) steps an epoch" },
    ].compactMap { $0 }
    if !facts.isEmpty {
      shared.note("\(plan.architectureName) with \(facts.joined(separator: ", "))")
    }
    try Console.standardOutput(JSONValue.object(plan.json).text() + "\n")
  }

  /// Prints what a training came to; throws `ExitCode` where a signal ended it.
  func finish(_ result: ClassifierTrainingResult) throws {
    if result.wasStopped {
      shared.note("stopped and saved: go on with --resume")
      if let signal = Signals.stopSignal { throw ExitCode(128 + signal) }
      return
    }
    guard let measures = result.evaluation?.measures else { return }
    let parameterCount = result.classifier.parameterCount
    switch shared.format {
    case .json:
      var summary: JSONObject = [
        "model": JSONValue(path), "architecture": JSONValue(result.classifier.architectureName),
        "parameters": JSONValue(parameterCount),
        "elapsed_seconds": JSONValue(result.elapsedSeconds),
        "trained_anew": JSONValue(result.isTrainedAnew),
        "validation": .object(measures.json),
      ]
      if let unit = result.bestUnit {
        summary.append("unit", JSONValue("\(unit.name)"))
        summary.append("unit_accuracy", JSONValue(unit.validation.accuracy))
      }
      if let thresholds = result.classifier.thresholds {
        summary.append("thresholds", .array(thresholds.map { JSONValue($0) }))
      }
      try Console.standardOutput(JSONValue.object(summary).text(nonFinite: .null) + "\n")
    case .text:
      try Console.standardOutput(
        untrusted: measures.lines.joined(separator: "\n") + "\n")
    }
    if let thresholds = result.classifier.thresholds {
      let told = zip(measures.labels.names, thresholds).map {
        "\(TerminalText.visible($0)) \(Numbers.fixed($1, 3))"
      }
      shared.note("thresholds: \(told.joined(separator: ", "))")
    }
    if let unit = result.bestUnit {
      let path = TerminalText.visible(model ?? "MODEL")
      shared.note("\(unit): look at it with `textlm show units -m \(path) --unit \(unit.source)`")
    }
    if case .probe(let probe) = result.classifier.model, probe.usedUnitCount == 0 {
      shared.note(
        "warning: no unit of the language model tells the labels apart: every text gets the same answer"
      )
    }
    if result.isTrainedAnew { shared.note("trained anew on all texts after this was measured") }
    if result.network?.wasStoppedEarly == true {
      shared.note("ended early: the last epochs were no better")
    }
    shared.note(
      "\(path): \(result.classifier.architectureName) with \(Numbers.grouped(parameterCount)) "
        + "parameters in \(Numbers.duration(result.elapsedSeconds))")
  }
}
