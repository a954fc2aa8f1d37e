import ArgumentParser
import TextLM

extension ClassifyTrainCommand {
  /// Trains without one part after another, and prints each result with the mean and the standard
  /// deviation.
  func crossValidate(
    _ training: TextClassifierTraining, _ data: LabelledData, _ count: Int
  ) throws {
    var view = ClassifierProgressView(isQuiet: shared.quiet, showsSteps: shared.verbose)
    Signals.listen()
    let clock = ContinuousClock()
    let start = clock.now
    var last = 0
    let found = try view.watching { view in
      try ClassifierCrossValidation(
        training, data, foldCount: count, validationFraction: fraction, seed: drawSeed
      ) { fold, event in
        if fold != last { view.begin("fold \(fold) of \(count)") }
        last = fold
        view.show(event)
        return Signals.stopSignal == nil
      } measured: { fold, measures in
        view.begin(
          "fold \(fold) of \(count): accuracy \(Self.text(measures.accuracy)) of "
            + "\(Numbers.grouped(measures.textCount)) texts")
      }
    }
    for name in found.labelsInOneFold {
      shared.note(
        "warning: all texts with the label \(TerminalText.visible(name)) are in one part, and count as "
          + "mistakes there")
    }
    try print(found, training.method, seconds: (clock.now - start) / .seconds(1))
    if found.wasStopped, let signal = Signals.stopSignal { throw ExitCode(128 + signal) }
  }

  private func print(
    _ found: ClassifierCrossValidation, _ method: ClassifierMethod, seconds: Double
  ) throws {
    if shared.format == .json {
      var summary: JSONObject = [
        "architecture": JSONValue(method.name), "folds": JSONValue(found.results.count),
        "elapsed_seconds": JSONValue(seconds), "seed": JSONValue(drawSeed),
      ]
      for member in found.json.members { summary.append(member.key, member.value) }
      return try Console.standardOutput(
        JSONValue.object(summary).text(nonFinite: .null) + "\n")
    }
    guard !found.results.isEmpty else { return }
    let metrics = ClassifierCrossValidation.metrics
    var rows = [["fold", "texts"] + metrics.map(\.name)]
    for (index, measures) in found.results.enumerated() {
      rows.append(
        ["\(index + 1)", Numbers.grouped(measures.textCount)]
          + metrics.map { Self.text($0.value(measures)) })
    }
    let summaries = metrics.map { found.summary($0) }
    rows.append(["mean", ""] + summaries.map { Self.text($0?.mean) })
    if found.results.count > 1 {
      rows.append(["sd", ""] + summaries.map { Self.text($0?.deviation) })
    }
    for line in TextTable.lines(rows) { try Console.standardOutput(line + "\n") }
    shared.note("\(found.results.count) folds in \(Numbers.duration(seconds))")
  }

  private static func text(_ value: Double?) -> String {
    value.map { Numbers.fixed($0, 4) } ?? "-"
  }
}
