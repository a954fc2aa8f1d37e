import ArgumentParser
import TextLM

extension TrainCommand {
  /// Goes on with the folds in the output folder.
  func resumeFolds() throws {
    if runOptions.copyIndex {
      throw ValidationError(
        "--copy-index is of one model's text, and \(output) has several: leave it out")
    }
    let rules = try CrossValidation.reading(ofRunAt: output)
    let folds = try CrossValidation(
      resuming: output, corpus: TextInput.readAll(corpus, rules, shared.output))
    if let wanted = self.folds.folds, wanted != folds.foldCount {
      throw OptionError.fixedByRun(
        option: "--folds", given: "\(wanted)", stored: "\(folds.foldCount)")
    }
    if let horizon = length.horizon, horizon != folds.settings.plan.horizon {
      // Folds of different lengths could not be compared.
      throw ValidationError(
        "--resume trains all folds as long as the first: leave --budget, --epochs and --max-steps "
          + "away")
    }
    try refuseChanges(to: folds.settings, vocabularySize: folds.vocabularySize)
    try train(folds)
  }

  /// Trains all folds, and prints each result with the mean and the standard deviation.
  func train(_ folds: CrossValidation) throws {
    Signals.listen()
    var view = TrainingProgressView(isQuiet: shared.quiet, showsSteps: shared.verbose)
    var last = 0
    var board: TensorBoardLog?
    var boardError: (any Error)?
    let wasStopped: Bool
    do {
      wasStopped = try folds.train { number, run in
        view.close()
        view = TrainingProgressView(isQuiet: shared.quiet, showsSteps: shared.verbose)
        shared.note("fold \(number) of \(folds.foldCount)")
        // Mostly the same for all folds.
        if last == 0 { describe(run) }
        last = number
        board = try runOptions.tensorboard.map {
          try TensorBoardLog(
            folder: $0, runName: CrossValidation.name(ofFold: number), after: run.stepCount)
        }
      } _: { _, event in
        view.show(event)
        do {
          try board?.append(event)
        } catch {
          // The run stops after a save, and then the error is told.
          boardError = error
        }
        return Signals.stopSignal == nil && boardError == nil
      }
      if let boardError { throw boardError }
    } catch {
      view.close()
      throw error
    }
    view.close()
    try print(folds)
    if wasStopped, let signal = Signals.stopSignal {
      shared.note("stopped and saved: go on with --resume")
      throw ExitCode(128 + signal)
    }
  }

  private func print(_ folds: CrossValidation) throws {
    if shared.format == .json {
      var summary: JSONObject = [
        "model": JSONValue(output),
        "architecture": JSONValue(type(of: folds.settings.model.architecture).name),
        "folds": JSONValue(folds.foldCount),
        "elapsed_seconds": JSONValue(folds.elapsedSeconds),
        "seed": JSONValue(folds.settings.trainer.seed),
      ]
      for member in folds.json.members { summary.append(member.key, member.value) }
      try Console.standardOutput(JSONValue.object(summary).text(nonFinite: .null) + "\n")
    }
    guard !folds.results.isEmpty else { return }
    var rows = [["fold", "steps", "nats", "bits/char", "bits/byte", "perplexity"]]
    for result in folds.results {
      rows.append(
        ["\(result.fold)", Numbers.grouped(result.stepCount)]
          + FoldResult.metrics.map { Numbers.fixed($0.value(result.evaluation), 4) })
    }
    let summaries = FoldResult.metrics.map { metric in
      MeanAndDeviation(folds.results.map { metric.value($0.evaluation) })
    }
    rows.append(["mean", ""] + summaries.map { Numbers.fixed($0.mean, 4) })
    if folds.results.count > 1 {
      rows.append(["sd", ""] + summaries.map { Numbers.fixed($0.deviation ?? 0, 4) })
    }
    for line in TextTable.lines(rows) { shared.note(line) }
    if let deviation = summaries[0].deviation {
      shared.note(
        "\(output): \(folds.results.count) folds in \(Numbers.duration(folds.elapsedSeconds)), "
          + "\(Numbers.fixed(summaries[0].mean, 4)) ± \(Numbers.fixed(deviation, 4)) nats per token"
      )
    }
  }
}
