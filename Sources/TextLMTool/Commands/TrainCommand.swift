import ArgumentParser
import TextLM

/// `textlm train`: makes a model of a text.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Train a language model on a text.",
    discussion: """
      With nothing but a text, the model's size and the length of the training are chosen to suit \
      it and this machine within five minutes, and the choice is explained. Ctrl-C stops after \
      saving; --resume goes on exactly where it stopped. The best model so far is always in the \
      folder and can be used while training goes on.

      Results are in nats or bits per character of the held-out text: lower is better. A random \
      guess among 65 characters is 4.2 nats. When the training loss keeps falling and the \
      validation loss rises, the model learns the text by heart: use more text, more --dropout, \
      or a smaller model.

      --arch ngram counts instead of training, within seconds: what every network should beat.
      """)

  @Argument(
    help: ArgumentHelp(
      "Texts and folders of texts, also compressed with gzip; - for standard input.",
      valueName: "corpus"))
  var corpus: [String]

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("The run's folder, which is created.", valueName: "name.textlm"))
  var output = "model.textlm"

  @OptionGroup(title: "Model") var model: ModelShapeOptions
  @OptionGroup(title: "N-grams") var ngrams: NGramOptions
  @OptionGroup(title: "Beginning") var beginning: TransferOptions
  @OptionGroup(title: "Rates of parameters") var rates: RateOptions
  @OptionGroup(title: "Length and steps") var length: TrainingLengthOptions
  @OptionGroup(title: "Optimizer") var optimizer: OptimizerOptions
  @OptionGroup(title: "Learning rate") var schedule: ScheduleOptions
  @OptionGroup(title: "Against learning by heart") var regularization: RegularizationOptions
  @OptionGroup(title: "Reading of the text") var reading: ReadingOptions
  @OptionGroup(title: "Text") var text: TextOptions
  @OptionGroup(title: "Cross-validation") var folds: FoldOptions
  @OptionGroup(title: "Preparation of the text") var preparation: PreparationOptions
  @OptionGroup(title: "Units") var units: UnitOptions
  @OptionGroup(title: "Run") var runOptions: RunOptions
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    try checkCounting()
    if runOptions.resume && runOptions.overwrite {
      throw ValidationError("--resume and --overwrite cannot be given together")
    }
    if runOptions.resume && runOptions.dryRun {
      throw ValidationError("--resume and --dry-run cannot be given together")
    }
    if runOptions.resume && beginning.isGiven {
      throw ValidationError(
        "--resume goes on with the weights that the run has: leave --init-from and "
          + "--embeddings-from away")
    }
    if folds.folds != nil && (text.validation ?? text.split?.rawValue) != nil
      || folds.folds != nil && text.validationFraction != nil
    {
      throw ValidationError(
        "--folds holds out one block after another: leave --validation, --validation-fraction and "
          + "--split away")
    }
    if folds.folds != nil && runOptions.copyIndex {
      throw ValidationError(
        "--copy-index is of one model's text, and --folds makes several: leave one out")
    }
    if corpus.count(where: { $0 == "-" }) > 1 {
      throw ValidationError("standard input (-) can be given only once")
    }
    // Given with --resume it is compared with what the run has.
    if !runOptions.resume {
      try units.checkLocale(of: preparation)
      try optimizer.checkNumbers()
      try schedule.checkNumbers()
    }
  }

  func run() throws {
    try shared.apply()
    if isCounting { return try count() }
    if runOptions.resume, CrossValidation.exists(at: output) { return try resumeFolds() }
    let rules =
      runOptions.resume ? try TrainingRun.reading(ofRunAt: output) : reading.rules()
    let files = try TextInput.readAll(corpus, rules, shared.output)
    let validationFiles = try TextInput.readAll(
      text.validation.map { [$0] } ?? [], rules, shared.output)
    let run: TrainingRun
    if runOptions.resume {
      run = try TrainingRun(
        resuming: output, corpus: files, validationFiles: validationFiles,
        horizon: length.horizon)
      try refuseChanges(
        to: run.settings, vocabularySize: run.data.tokenizer.vocabulary.count)
      if let wanted = folds.folds {
        throw OptionError.fixedByRun(option: "--folds", given: "\(wanted)", stored: "none")
      }
    } else {
      let transfer = try beginning.transfer()
      for warning in transfer?.donor.warnings ?? [] { shared.note("warning: \(warning)") }
      let settings = try plan(files, validationFiles, transfer)
      if runOptions.dryRun { return try printPlan(settings, files, transfer) }
      let commandLine = Arguments.normalized(CommandLine.arguments.dropFirst())
      if let count = folds.folds {
        return try train(
          CrossValidation(
            settings, foldCount: count, corpus: files, path: output,
            overwrites: runOptions.overwrite, transfer: transfer, commandLine: commandLine))
      }
      run = try TrainingRun(
        settings, corpus: files, path: output, overwrites: runOptions.overwrite,
        transfer: transfer, commandLine: commandLine)
    }
    try train(run)
  }

  /// What was asked for, with everything else chosen.
  private func plan(
    _ files: [CorpusFile], _ validationFiles: [CorpusFile], _ transfer: Transfer?
  ) throws -> RunSettings {
    let characterCount = files.reduce(0) { $0 + $1.characterCount }
    // Measures the machine, which takes time and is not needed when everything is given.
    let kind = try model.kind(transfer)
    lazy var automatic = AutomaticPlan(
      kind, characterCount: characterCount,
      // Folds share the time.
      seconds: (length.budgetSeconds ?? AutomaticPlan.standardSeconds)
        / Double(folds.folds ?? 1),
      precision: length.precision.resolved)
    let isAutomatic = model.isAutomatic && !beginning.isGiven
    let data = TrainingData.Options(
      split: try folds.folds.map { .fold(number: 1, count: $0) } ?? text.split(validationFiles),
      batchSize: length.batchSize ?? automatic.batchSize,
      sequenceLength: length.seqLength ?? automatic.sequenceLength,
      preparation: try preparation.preparation(newlines: reading.rules().newlines),
      segmenter: try units.segmenter(locale: preparation.locale ?? ""),
      vocabulary: try units.rule())
    let configuration = try model.configuration(isAutomatic ? automatic : nil, transfer) {
      try PreparedCorpus(files, data).tokenizer.vocabulary.count
    }
    if let params = model.params {
      let values = configuration.architecture.values
      let sizes = values.written(type(of: configuration.architecture).hyperparameters)
      shared.note(
        "for \(params) parameters: \(sizes.map { "\($0.name) \($0.value)" }.joined(separator: ", "))"
          + ", embedding \(configuration.embeddingSize)")
    }
    // With a time and sizes of our choice, the plan may end before the time is over.
    let isPlanned = isAutomatic && length.isTimed
    let seed = runOptions.seed ?? AutomaticPlan.standardSeed
    if isAutomatic && length.isAutomatic {
      for line in automatic.explanation { shared.note(line) }
    }
    var against = regularization.regularization
    if isAutomatic, regularization.outputDropout == nil {
      against.outputDropout = Float(automatic.outputDropout)
    }
    var settings = RunSettings(
      model: configuration, data: data,
      trainer: TrainerSettings(
        seed: seed, precision: length.precision.resolved, optimizer: optimizer.rule,
        weightDecay: optimizer.decay, clip: optimizer.clip,
        gradientLimit: optimizer.gradClipValue, l2: regularization.l2 ?? 0,
        l1: regularization.l1 ?? 0, regularization: against,
        windows: length.windows(
          for: configuration.architecture, sequenceLength: data.sequenceLength),
        noise: regularization.noise,
        averaging: optimizer.averaging),
      plan: LearningRatePlan(
        peak: optimizer.rate
          ?? configuration.architecture.standardLearningRate,
        floorRatio: schedule.lrFloor ?? 0.01, warmupSteps: schedule.warmup(of: length.horizon),
        course: schedule.course,
        horizon: length.horizon ?? .seconds(AutomaticPlan.standardSeconds),
        mostEpochs: isPlanned ? automatic.mostEpochs : nil),
      evaluationInterval: runOptions.evalEvery, saveInterval: runOptions.saveEvery,
      patience: runOptions.patience)
    for notice in against.notices(for: configuration.architecture) {
      shared.note("note: \(notice)")
    }
    settings.initialization = try InitializationRules(parsing: model.initializationRules)
    try beginning.checkRules(settings.initialization)
    settings.sampleLength = runOptions.samples
    settings.rates = try rates.rates(isOneHot: model.oneHot)
    return settings
  }

  /// Refuses what training would refuse, then prints the settings.
  private func printPlan(
    _ settings: RunSettings, _ files: [CorpusFile], _ transfer: Transfer?
  ) throws {
    let prepared = try PreparedCorpus(files, settings.data)
    let data = try prepared.encoded(in: nil)
    try settings.model.checkWidths()
    try settings.checkReceptiveField(textLength: data.tokensPerEpoch)
    try settings.checkMemory(
      vocabularySize: data.tokenizer.vocabulary.count, batchSize: data.batchSize,
      sequenceLength: data.sequenceLength)
    // Making a large model takes a while, and there is nothing to refuse in a plain one.
    let isPlain =
      transfer == nil && settings.rates == .equal && settings.initialization == .none
    let report = isPlain ? nil : try prepared.makeModel(settings, transfer).report
    for notice in data.notices + (report?.lines ?? []) { shared.note("note: \(notice)") }
    if runOptions.copyIndex { try data.checkCopyIndex() }
    describe(settings, data)
    try Console.standardOutput(settings.json.text() + "\n")
  }

  private func describe(_ settings: RunSettings, _ data: TrainingData) {
    let vocabularySize = data.tokenizer.vocabulary.count
    let parameters = settings.model.parameterCount(vocabularySize: vocabularySize)
    shared.note(
      "\(type(of: settings.model.architecture).name) with \(Numbers.grouped(parameters)) "
        + "parameters, vocabulary \(vocabularySize), batch \(data.batchSize) x "
        + "\(data.sequenceLength), \(settings.trainer.precision.rawValue), seed "
        + "\(settings.trainer.seed)")
  }

  func refuseChanges(to settings: RunSettings, vocabularySize: Int) throws {
    let stored = JSONField(settings.json, path: "run")
    let rules = settings.initialization.texts
    let wanted = model.initializationRules
    if !wanted.isEmpty, wanted != rules {
      throw OptionError.fixedByRun(
        option: "--init", given: wanted.joined(separator: " "),
        stored: rules.isEmpty ? "none" : rules.joined(separator: " "))
    }
    try model.checkParameterCount(
      settings.model.parameterCount(vocabularySize: vocabularySize))
    for wish in model.fixed + rates.fixed(isOneHot: model.oneHot) + length.fixed + optimizer.fixed
      + schedule.fixed
      + regularization.fixed + reading.fixed + text.fixed + preparation.fixed
      + units.fixed
      + runOptions.fixed
    {
      try wish.check(stored)
    }
  }

  /// Tells what is about to be trained.
  func describe(_ run: TrainingRun) {
    for notice in run.notices { shared.note("note: \(notice)") }
    describe(run.settings, run.data)
    shared.noteEngine(run.settings.trainer.precision)
    if shared.verbose { shared.note("\(ParameterTree(run.model.parameters))") }
  }

  private func train(_ run: TrainingRun) throws {
    describe(run)
    if runOptions.copyIndex, let count = try run.writeCopyIndex() {
      shared.note("\(CopyIndex.fileName): index of \(Numbers.grouped(count)) tokens")
    }
    let board = try runOptions.tensorboard.map {
      try TensorBoardLog(folder: $0, runName: run.name, after: run.stepCount)
    }
    Signals.listen()
    var view = TrainingProgressView(isQuiet: shared.quiet, showsSteps: shared.verbose)
    let result: TrainingResult
    do {
      var boardError: (any Error)?
      result = try run.train { event in
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
    try finish(run, result, view)
  }

  private func finish(
    _ run: TrainingRun, _ result: TrainingResult, _ view: TrainingProgressView
  ) throws {
    if shared.format == .json {
      let summary: JSONValue = [
        "model": JSONValue(output),
        "architecture": JSONValue(type(of: run.settings.model.architecture).name),
        "parameters": JSONValue(run.model.parameters.reduce(0) { $0 + $1.shape.count }),
        "steps": JSONValue(result.progress.step),
        "tokens": JSONValue(result.progress.tokenCount),
        "tokens_per_second": JSONValue(result.clock.tokensPerSecond),
        "elapsed_seconds": JSONValue(result.clock.elapsedSeconds),
        "seed": JSONValue(run.settings.trainer.seed),
        "validation": result.best?.json ?? .null,
      ]
      try Console.standardOutput(summary.text(nonFinite: .null) + "\n")
    }
    view.showCurves(of: result.record)
    if let best = result.best {
      shared.note(
        "\(output): \(Numbers.grouped(result.progress.step)) steps in "
          + "\(Numbers.duration(result.clock.elapsedSeconds)), best validation "
          + "\(Numbers.fixed(best.natsPerToken, 4)) nats per character "
          + "(\(Numbers.fixed(best.bitsPerCharacter, 3)) bits, perplexity "
          + "\(Numbers.fixed(best.perplexity, 2)))")
    }
    if result.wasStoppedEarly, let patience = run.settings.patience {
      shared.note(
        patience == 1
          ? "ended early: the last evaluation was no better"
          : "ended early: \(patience) evaluations in a row were no better")
    }
    if !result.wasStopped, run.stepCount > 0, result.progress.step == run.stepCount {
      shared.note(
        "nothing to do: the run has reached its end; --budget, --epochs or --max-steps give it a "
          + "later one")
    } else if !result.wasStopped {
      for sentence in run.diagnosis(of: result.record).sentences {
        shared.note("diagnosis: \(sentence)")
      }
    }
    if result.wasStopped, let signal = Signals.stopSignal {
      shared.note("stopped and saved: go on with --resume")
      throw ExitCode(128 + signal)
    }
  }
}
