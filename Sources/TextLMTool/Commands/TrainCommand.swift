import ArgumentParser
import TextLM

/// `textlm train`: makes a model of a text.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Train a language model on a text.",
    discussion: """
      With nothing but a text, the model's size and the length of the training are chosen to suit \
      it and this machine within five minutes, and the choice is explained. Ctrl-C stops after \
      saving; --resume goes on exactly where it stopped.
      """)

  @Argument(
    help: ArgumentHelp(
      "Texts in UTF-8, each a document of its own; - for standard input.", valueName: "corpus"))
  var corpus: [String]

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("The run's folder, which is created.", valueName: "name.textlm"))
  var output = "model.textlm"

  @OptionGroup(title: "Model") var model: ModelShapeOptions
  @OptionGroup(title: "Length and steps") var length: TrainingLengthOptions
  @OptionGroup(title: "Text") var text: TextOptions
  @OptionGroup(title: "Run") var runOptions: RunOptions
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if runOptions.resume && runOptions.overwrite {
      throw ValidationError("--resume and --overwrite cannot be given together")
    }
    if runOptions.resume && runOptions.dryRun {
      throw ValidationError("--resume and --dry-run cannot be given together")
    }
    if corpus.count(where: { $0 == "-" }) > 1 {
      throw ValidationError("standard input (-) can be given only once")
    }
  }

  func run() throws {
    shared.apply()
    if runOptions.resume { try refuseFixedOptions() }
    let files = try corpus.map(Self.read)
    let validationFiles = try text.validation.map { [try CorpusFile(contentsOf: $0)] } ?? []
    let commandLine = Arguments.normalized(CommandLine.arguments.dropFirst())
    let run: TrainingRun
    if runOptions.resume {
      run = try TrainingRun(
        resuming: output, corpus: files, validationFiles: validationFiles,
        horizon: try length.horizon(), commandLine: commandLine)
    } else {
      let settings = try plan(files, validationFiles)
      if runOptions.dryRun { return try printPlan(settings) }
      run = try TrainingRun(
        settings, corpus: files, path: output, overwrites: runOptions.overwrite,
        commandLine: commandLine)
    }
    try train(run)
  }

  private static func read(_ path: String) throws -> CorpusFile {
    path == "-" ? try CorpusFile(standardInput: ()) : try CorpusFile(contentsOf: path)
  }

  /// What was asked for, with everything else chosen.
  private func plan(
    _ files: [CorpusFile], _ validationFiles: [CorpusFile]
  ) throws -> RunSettings {
    let characterCount = files.reduce(0) { $0 + $1.text.characterCount }
    let budget = try length.budgetSeconds()
    let automatic = AutomaticPlan(
      characterCount: characterCount, seconds: budget ?? AutomaticPlan.standardSeconds,
      hasBFloat16: length.precision.resolved == .bfloat16)
    let configuration = try model.configuration(automatic)
    let data = TrainingData.Options(
      split: try text.split(validationFiles),
      batchSize: length.batchSize ?? automatic.batchSize,
      sequenceLength: length.seqLength ?? automatic.sequenceLength,
      normalizer: try Normalizer(named: text.normalize),
      segmenter: try SegmenterRegistry.builtIn.segmenter(named: text.unit),
      minimumCount: text.minCount, maximumUnitCount: text.maxVocabulary)
    let horizon = try length.horizon() ?? .seconds(automatic.seconds)
    let seed = runOptions.seed ?? AutomaticPlan.standardSeed
    shared.note("seed \(seed)")
    if model.isAutomatic && length.isAutomatic {
      for line in automatic.explanation { shared.note(line) }
    }
    return RunSettings(
      model: configuration, data: data,
      trainer: TrainerSettings(
        seed: seed, precision: length.precision.resolved, weightDecay: length.weightDecay,
        clip: length.gradClip > 0 ? GradientClip(maximumNorm: length.gradClip) : nil),
      plan: LearningRatePlan(
        peak: length.lr ?? automatic.learningRate, warmupSteps: length.warmupSteps,
        course: length.schedule.course, horizon: horizon),
      evaluationInterval: runOptions.evalEvery, saveInterval: runOptions.saveEvery)
  }

  private func printPlan(_ settings: RunSettings) throws {
    try Console.standardOutput(settings.json.text() + "\n")
  }

  private func refuseFixedOptions() throws {
    let given =
      model.givenOptions + length.givenOptions + text.givenOptions
      + runOptions.givenOptions
    if let option = given.first { throw OptionError.fixedByRun(option: option) }
  }

  private func train(_ run: TrainingRun) throws {
    for notice in run.notices { shared.note("note: \(notice)") }
    let parameters = run.model.parameters.reduce(0) { $0 + $1.shape.count }
    shared.note(
      "\(type(of: run.settings.model.architecture).name) with \(Numbers.grouped(parameters)) "
        + "parameters, vocabulary \(run.data.tokenizer.vocabulary.count), batch "
        + "\(run.data.batchSize) x \(run.data.sequenceLength), "
        + "\(run.settings.trainer.precision.rawValue), seed \(run.settings.trainer.seed)")
    if shared.verbose { shared.note("\(ParameterTree(run.model.parameters))") }
    Signals.listen()
    var view = TrainingProgressView(isQuiet: shared.quiet, showsSteps: shared.verbose)
    let result: TrainingResult
    do {
      result = try run.train { event in
        view.show(event)
        return Signals.stopSignal == nil
      }
    } catch {
      view.close()
      throw error
    }
    view.close()
    try finish(run, result, parameters: parameters)
  }

  private func finish(_ run: TrainingRun, _ result: TrainingResult, parameters: Int) throws {
    if shared.format == .json {
      let summary: JSONValue = [
        "model": JSONValue(output),
        "architecture": JSONValue(type(of: run.settings.model.architecture).name),
        "parameters": JSONValue(parameters), "steps": JSONValue(result.progress.step),
        "tokens": JSONValue(result.progress.tokenCount),
        "tokens_per_second": JSONValue(result.clock.tokensPerSecond),
        "elapsed_seconds": JSONValue(result.clock.elapsedSeconds),
        "seed": JSONValue(run.settings.trainer.seed),
        "validation": result.best?.json ?? .null,
      ]
      try Console.standardOutput(summary.text(nonFinite: .null) + "\n")
    }
    if let best = result.best {
      shared.note(
        "\(output): \(Numbers.grouped(result.progress.step)) steps in "
          + "\(Numbers.duration(result.clock.elapsedSeconds)), best validation "
          + "\(Numbers.fixed(best.natsPerToken, 4)) nats per character "
          + "(\(Numbers.fixed(best.bitsPerCharacter, 3)) bits, perplexity "
          + "\(Numbers.fixed(best.perplexity, 2)))")
    }
    if result.wasStopped, let signal = Signals.stopSignal {
      shared.note("stopped and saved: go on with --resume")
      throw ExitCode(128 + signal)
    }
  }
}
