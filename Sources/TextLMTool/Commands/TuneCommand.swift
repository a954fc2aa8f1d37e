import ArgumentParser
import TextLM

/// `textlm tune`: searches for the settings that learn a text best.
struct TuneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tune", abstract: "Search for the settings that learn a text best.",
    discussion: """
      Models with settings drawn at random are trained for a short while, the better third of them \
      for three times as long, and so on to the last. All trainings of a rung take the same time, and \
      each is a whole one. The first candidate is what `train` would choose by itself.

      Searched are layers (1 to 3), width (64 to 1024, as far as text and time allow), dropout \
      between layers and of the output (0 to 0.5), batch (16 to 64), sequence length (32 to 256), \
      learning rate (0.001 to 0.008) and weight decay (0.001 to 0.1). A seed draws the same \
      candidates on every machine.

      The best model so far is always in the output folder. At the end a table, and a command that \
      trains with the best settings for as long as the search took. Ctrl-C stops after saving; \
      --resume goes on.
      """)

  @OptionGroup var series: SeriesOptions

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("The search's folder, which is created.", valueName: "name.textlm"))
  var output = "tuned.textlm"

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The time of the whole search, such as 30m or 2h: more try more, and for longer.",
      valueName: "time"))
  var budget = "30m"

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      How many candidates begin. By default 3, 9, 27 or 81: the most that get 20 seconds each in the \
      first rung.
      """, valueName: "n"))
  var candidates: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "A number that decides all draws: the same one draws the same candidates. The default is 1.",
      valueName: "n"))
  var seed: UInt64?

  @OptionGroup var shared: SharedOptions

  func validate() throws {
    try SeriesOptions.check(budget: budget)
    if let candidates, !HalvingPlan.candidateCounts.contains(candidates) {
      throw ValidationError(
        "--candidates is \(candidates), but must be from "
          + "\(HalvingPlan.candidateCounts.lowerBound) to \(HalvingPlan.candidateCounts.upperBound)"
      )
    }
  }

  func run() throws {
    try shared.apply()
    let (files, validationFiles) = try series.files(
      { try Tuning.reading(ofSearchAt: output) }, shared.output)
    let tuning: Tuning
    if series.resume {
      tuning = try Tuning(resuming: output, corpus: files, validationFiles: validationFiles)
      try refuseChanges(to: tuning)
    } else {
      tuning = try Tuning(
        settings(validationFiles), seconds: Numbers.seconds(budget) ?? 0,
        candidateCount: candidates, corpus: files, path: output, overwrites: series.overwrite,
        commandLine: Arguments.normalized(CommandLine.arguments.dropFirst()))
    }
    try search(tuning)
  }

  /// What candidates do not decide; what they do decide is replaced.
  private func settings(_ validationFiles: [CorpusFile]) throws -> RunSettings {
    let architecture = LSTMArchitecture(
      try Hyperparameters(
        written: [], known: LSTMArchitecture.hyperparameters,
        architecture: LSTMArchitecture.name))
    return RunSettings(
      model: ModelConfiguration(architecture: architecture, embeddingSize: 256),
      data: try series.data(validationFiles, batchSize: 16, sequenceLength: 32),
      trainer: TrainerSettings(
        seed: seed ?? AutomaticPlan.standardSeed, precision: Engine.fastestPrecision),
      plan: LearningRatePlan(peak: 0.004, warmupSteps: 20, horizon: .seconds(1)))
  }

  private func refuseChanges(to tuning: Tuning) throws {
    let stored = try series.refuseChanges(to: tuning.settings)
    try FixedOption("--seed", seed.map { .count($0) }, "seed")?.check(stored)
    if let candidates, candidates != tuning.candidates.count {
      throw OptionError.fixedByRun(
        option: "--candidates", given: "\(candidates)", stored: "\(tuning.candidates.count)")
    }
  }

  private func search(_ tuning: Tuning) throws {
    let counts = tuning.plan.rungs.map { "\($0)" }.joined(separator: ", then ")
    shared.note(
      "\(counts) candidates in \(Numbers.duration(tuning.plan.seconds)), seed "
        + "\(tuning.settings.trainer.seed)")
    shared.noteEngine(tuning.settings.trainer.precision)
    Signals.listen()
    var view = TuningView(tuning, isQuiet: shared.quiet)
    let wasStopped: Bool
    do {
      wasStopped = try tuning.search { event in
        view.show(event)
        return Signals.stopSignal == nil
      }
    } catch {
      view.close()
      throw error
    }
    view.close()
    if wasStopped, let signal = Signals.stopSignal {
      shared.note("stopped and saved: go on with --resume")
      throw ExitCode(128 + signal)
    }
    try finish(tuning)
  }

  private func finish(_ tuning: Tuning) throws {
    let best = tuning.best
    let command = best.map {
      TuningView.command(tuning.commandLine, $0.candidate, seconds: tuning.plan.seconds)
    }
    if shared.format == .json {
      let summary: JSONValue = [
        "model": best == nil ? .null : JSONValue(output),
        "elapsed_seconds": JSONValue(tuning.elapsedSeconds),
        "seed": JSONValue(tuning.settings.trainer.seed),
        "rungs": .array(tuning.plan.rungs.map { JSONValue($0) }),
        "candidates": .array(tuning.candidates.map(\.json)),
        "results": .array(tuning.results.map(\.json)),
        "best": best.map { $0.result.json } ?? .null,
        "command": command.map { JSONValue($0) } ?? .null,
      ]
      try Console.standardOutput(summary.text(nonFinite: .null) + "\n")
    }
    for line in TuningView.table(tuning) { shared.note(line) }
    guard let best, let command, let nats = best.result.natsPerToken else {
      return shared.note(
        "no candidate could be trained to its end: give more --budget or a smaller --candidates")
    }
    shared.note(
      "\(output): candidate \(best.candidate.number), \(Numbers.fixed(nats, 4)) nats per token in "
        + "\(Numbers.duration(best.result.seconds)); the whole search took "
        + "\(Numbers.duration(tuning.elapsedSeconds))")
    shared.note("to train with its settings for longer:\n\(command)")
  }
}
