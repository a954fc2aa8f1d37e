import ArgumentParser
import TextLM

/// `textlm classify train`: makes a classifier of labelled texts.
struct ClassifyTrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Train a classifier on labelled texts.",
    discussion: """
      By default the sequences of characters and words in a text decide, which takes seconds and is \
      hard to beat on some thousand texts; --arch lstm --bidirectional and other networks may, with \
      more texts or with --init-from a language model; --arch probe --model looks for what a language \
      model has learned of the labels by itself.

      A tenth of the texts, of each label as much, is held out and measured; n-grams are then trained \
      anew on all. The folder has the classifier, report.html and log.jsonl. A network can be stopped \
      with Ctrl-C and goes on with --resume; n-grams and probes stop too, and nothing is written.
      """)

  /// Where the classifier goes when nothing is said.
  static let standardOutput = "classifier.textlm"

  @Argument(
    help: ArgumentHelp(
      "Files and folders with labelled texts, also compressed with gzip; - for standard input.",
      valueName: "data"))
  var data: [String]

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "The classifier's folder, which is created; by default classifier.textlm.",
      valueName: "name.textlm"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      """
      Of what the classifier is made: ngram, which is the default; probe; han, hierarchical \
      attention: the same as gru with --bidirectional and --hierarchy; or another network, one of \
      \(Self.architectures).
      """, valueName: "name"))
  var arch: String?

  @Option(
    help: ArgumentHelp(
      "The language model that --arch probe looks into: a run's folder or a file.",
      valueName: "path"))
  var model: String?

  @Option(
    help: ArgumentHelp(
      """
      What the labels are: single, one a text; multiple, several or none, each with a threshold of \
      its own; or ordinal, numbers in their order, such as stars.
      """, valueName: "kind"))
  var labels: LabelKind = .single

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Train a network for this long, such as 75s, 5m or 1h30m; without any length 5m. Where its sizes \
      are chosen it ends sooner when it has read the texts often enough. N-grams and probes end by \
      themselves, n-grams within seconds.
      """, valueName: "time"))
  var budget: String?

  @Flag(help: "Let each label count as much as the others, however many texts it has.")
  var balanced = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The part of the texts that is held out and validated on; 0.1 by default.",
      valueName: "part"))
  var validationFraction: Double?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Validate on the labelled texts of this file instead; repeatable.", valueName: "file"))
  var validation: [String] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Hold out one after another of so many parts, of each label as much, and print what is measured \
      with its mean and standard deviation. A network's --budget is for each of them. Nothing is \
      written.
      """, valueName: "n"))
  var folds: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "A number that decides all draws: the same one gives the same classifier. The default is 1.",
      valueName: "n"))
  var seed: UInt64?

  @Flag(
    help: """
      Go on with the training of a network in the output folder, on the same texts and the same \
      --validation-fraction; with --budget, --epochs or --max-steps to another end.
      """)
  var resume = false

  @Flag(help: "Replace a run that is in the output folder already.")
  var overwrite = false

  @Flag(
    help: """
      Read the texts, check everything, print as JSON what would be trained on how many texts of which \
      labels, and do nothing.
      """)
  var dryRun = false

  @Option(
    help: ArgumentHelp(
      """
      Write a network's curves for TensorBoard too, into a folder of the classifier's name in DIR; \
      look at them with tensorboard --logdir DIR. Give it again with --resume to go on.
      """, valueName: "dir"))
  var tensorboard: String?

  @OptionGroup(title: "Labelled texts") var reading: LabelledDataOptions
  @OptionGroup(title: "Network") var network: ClassifierNetworkOptions
  @OptionGroup(title: "Rates of parameters") var rates: RateOptions
  @OptionGroup(title: "Optimizer") var optimizer: OptimizerOptions
  @OptionGroup(title: "Learning rate") var schedule: ScheduleOptions
  @OptionGroup(title: "Preparation of the text") var preparation: PreparationOptions
  @OptionGroup(title: "Units") var units: UnitOptions
  @OptionGroup var shared: SharedOptions

  private static let architectures =
    ArchitectureRegistry.builtIn.all.map { $0.name }.joined(separator: ", ")

  /// Where the classifier goes.
  var path: String { output ?? Self.standardOutput }

  func validate() throws {
    if resume && overwrite {
      throw ValidationError("--resume and --overwrite cannot be given together")
    }
    if resume && dryRun {
      throw ValidationError("--resume and --dry-run cannot be given together")
    }
    if let folds, !CrossValidation.foldCounts.contains(folds) {
      throw ValidationError(
        "--folds is \(folds), but must be from \(CrossValidation.foldCounts.lowerBound) to "
          + "\(CrossValidation.foldCounts.upperBound)")
    }
    if folds != nil {
      let others = [
        ("--output", output != nil), ("--resume", resume), ("--overwrite", overwrite),
        ("--validation", !validation.isEmpty), ("--dry-run", dryRun),
        ("--tensorboard", tensorboard != nil),
      ]
      if let name = others.first(where: \.1)?.0 {
        throw ValidationError("--folds measures and writes nothing: leave \(name) away")
      }
    }
    if !validation.isEmpty && validationFraction != nil {
      throw ValidationError("give one of --validation and --validation-fraction")
    }
    if (data + validation).count(where: { $0 == "-" }) > 1 {
      throw ValidationError("standard input (-) can be given only once")
    }
    if let budget, !(budgetSeconds.map { $0 <= 365 * 86400 } ?? false) {
      throw ValidationError(
        "--budget is \(budget), but must be a time such as 75s, 5m or 1h30m, and at most 365d")
    }
    if [budget != nil, network.epochs != nil, network.maxSteps != nil].count(where: { $0 }) > 1 {
      throw ValidationError("give one of --budget, --epochs and --max-steps")
    }
    try checkStructure()
    if !resume {
      try checkMethod()
      try optimizer.checkNumbers()
      try schedule.checkNumbers()
      try units.checkLocale(of: preparation)
    }
  }

  func run() throws {
    try shared.apply()
    if resume { return try goOn() }
    // What is wrong with the options is said before the texts are read.
    let asked = try method()
    let labelled = try reading.read(data, labels, shared.output)
    try noteDuplicates(labelled)
    let method = try sized(asked, for: labelled)
    if case .network(let recipe) = method { shared.noteEngine(recipe.trainer.precision) }
    let training = TextClassifierTraining(method, seed: drawSeed, isBalanced: balanced)
    if let folds { return try crossValidate(training, labelled, folds) }
    let parts = try parts(labelled, seed: drawSeed)
    shared.note(describe(parts, method))
    if dryRun { return try printPlan(ClassifierPlan(training, parts)) }
    try watch { observe in
      try training.train(
        parts, path: path, overwrites: overwrite, sources: labelled.sources,
        commandLine: Arguments.normalized(CommandLine.arguments.dropFirst()), observe: observe)
    }
  }

  /// Goes on with a network.
  private func goOn() throws {
    let stored = try TextClassifierTraining.settings(ofRunAt: path)
    try refuseChanges(to: stored)
    let kind = try stored.field("config").field("labels").string("kind")
    let labelled = try reading.read(data, LabelKind(rawValue: kind) ?? labels, shared.output)
    let parts = try parts(labelled, seed: stored.uint64("seed"))
    try watch { observe in
      try TextClassifierTraining.resume(
        path, parts, horizon: horizon, sources: labelled.sources, observe: observe)
    }
  }

  /// Shows a training, and what comes of it.
  private func watch(
    _ train: ((ClassifierTrainingEvent) -> Bool) throws -> ClassifierTrainingResult
  ) throws {
    var view = ClassifierProgressView(isQuiet: shared.quiet, showsSteps: shared.verbose)
    var board = ClassifierBoard(
      folder: tensorboard, runName: TrainingRun.name(ofRunAt: path))
    Signals.listen()
    let result: ClassifierTrainingResult
    do {
      result = try view.watching { view in
        try train { event in
          view.show(event)
          return board.take(event) && Signals.stopSignal == nil
        }
      }
    } catch let error as ClassifierTrainingError {
      guard case .stopped = error, let signal = Signals.stopSignal else { throw error }
      shared.note("\(error)")
      throw ExitCode(128 + signal)
    }
    if let error = board.error { throw error }
    try finish(result)
  }
}
