import ArgumentParser
import TextLM

/// `textlm task`: proves on a made-up problem that a memory works.
struct TaskCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "task", abstract: "Train an architecture on a problem that tests its memory.",
    discussion: """
      Examples are made up without end, so that nothing can be learned by heart. Measured are \
      sequences as long as those of the training, and longer ones, which show whether the problem was \
      understood. The training ends when the goal is reached twice in a row, or with the time.

      \(tasks)

      Sizes are told with --with, such as --with length=20. The output folder has a report with curves \
      and, where a memory has them, pictures of what is read and written.
      """)

  /// What tasks there are, with their sizes.
  private static var tasks: String {
    TaskRegistry.builtIn.all.map { kind in
      let sizes = kind.hyperparameters.map { "\($0.name) \($0.standardText)" }
      return "\(kind.name): \(kind.summary) (\(sizes.joined(separator: ", ")))."
    }.joined(separator: "\n\n")
  }

  @Argument(help: ArgumentHelp("The task.", valueName: "name"))
  var name: String

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("A size of the task, such as length=20; repeatable.", valueName: "key=value")
  )
  var with: [String] = []

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("The training's folder, which is created.", valueName: "name.textlm"))
  var output = "task.textlm"

  @OptionGroup(title: "Model") var model: ArchitectureOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Width of the vectors that stand for symbols; 32 by default.", valueName: "n"))
  var embeddingSize: Int?

  @Flag(
    help: """
      Read with two encoders, one from each end: what comes later is then known too, as in classifying, \
      but not in writing.
      """)
  var bidirectional = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Train for at most this long, such as 75s or 15m; 5m by default.", valueName: "time"))
  var budget: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Train for at most so many optimizer steps; such a training can be repeated bit for bit.",
      valueName: "n"))
  var maxSteps: Int?

  @Option(
    name: [.customShort("b"), .long], parsing: .unconditional,
    help: ArgumentHelp("Sequences of a step; 32 by default.", valueName: "n"))
  var batchSize: Int?

  @Flag(help: "Go on to the end of the time or of the steps, even when the goal is reached.")
  var keepGoing = false

  @Flag(
    help: """
      Begin with the shortest sequences, and let them grow whenever the loss of some steps is below \
      0.05: where long ones are too hard to begin with.
      """)
  var curriculum = false

  @OptionGroup(title: "Optimizer") var optimizer: OptimizerOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Steps in which the learning rate rises to its greatest; 100 by default.", valueName: "n"))
  var warmupSteps: Int?

  @Flag(help: "Keep the learning rate as it is instead of lowering it to the end of the time.")
  var constantRate = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "A number that decides weights and examples; 1 by default.", valueName: "n"))
  var seed: UInt64?

  @Option(help: "Number format of the products: float32 unless told otherwise.")
  var precision: PrecisionOption?

  @Flag(help: "Go on with the training in the output folder.")
  var resume = false

  @Flag(help: "Replace a training that is in the output folder already.")
  var overwrite = false

  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if resume && overwrite {
      throw ValidationError("--resume and --overwrite cannot be given together")
    }
    if budget != nil && maxSteps != nil {
      throw ValidationError("give one of --budget and --max-steps")
    }
    if let budget, !(budgetSeconds.map { $0 <= 365 * 86400 } ?? false) {
      throw ValidationError(
        "--budget is \(budget), but must be a time such as 75s, 5m or 2h, and at most 365d")
    }
    for (name, value, most) in [
      ("--max-steps", maxSteps, 1 << 40), ("--batch-size", batchSize, 1 << 16),
      ("--embedding-size", embeddingSize, ModelConfiguration.embeddingSizes.upperBound),
    ] {
      if let value, !(1...most).contains(value) {
        throw ValidationError("\(name) is \(value), but must be from 1 to \(most)")
      }
    }
    if let warmupSteps, warmupSteps < 0 {
      throw ValidationError("--warmup-steps is \(warmupSteps), but must be 0 or more")
    }
    if !resume { try optimizer.checkNumbers() }
  }

  private var budgetSeconds: Double? { budget.flatMap { Numbers.seconds($0) } }

  private var horizon: LearningRatePlan.Horizon? {
    maxSteps.map { .steps($0) } ?? budgetSeconds.map { .seconds($0) }
  }

  func run() throws {
    try shared.apply()
    let run: TaskRun
    if resume {
      run = try TaskRun(resuming: output, task: name, horizon: horizon)
      try refuseChanges(to: run.settings)
    } else {
      run = try TaskRun(
        settings(), path: output, overwrites: overwrite,
        commandLine: Arguments.normalized(CommandLine.arguments.dropFirst()))
    }
    try train(run)
  }

  private func settings() throws -> TaskSettings {
    let task = try TaskRegistry.builtIn.task(named: name)
      .init(written: KeyValue.parse(with, option: "--with"))
    let architecture = try model.kind().init(written: model.written())
    if case .vectors = task.input, embeddingSize != nil {
      throw ValidationError("\(name) is read as vectors: leave --embedding-size away")
    }
    return TaskSettings(
      task: task, architecture: architecture, isBidirectional: bidirectional,
      embeddingSize: embeddingSize ?? 32, batchSize: batchSize ?? 32,
      trainer: TrainerSettings(
        seed: seed ?? AutomaticPlan.standardSeed, precision: precision?.resolved ?? .float32,
        optimizer: optimizer.rule, weightDecay: optimizer.decay, clip: optimizer.clip,
        gradientLimit: optimizer.gradClipValue, averaging: optimizer.averaging),
      plan: LearningRatePlan(
        peak: optimizer.rate ?? min(2e-3, architecture.standardLearningRate),
        warmupSteps: warmupSteps ?? 100, course: constantRate ? .constant : .cosine,
        horizon: horizon ?? .seconds(AutomaticPlan.standardSeconds)),
      endsAtGoal: !keepGoing, growsLengths: curriculum)
  }

  private func refuseChanges(to settings: TaskSettings) throws {
    let stored = JSONField(settings.json, path: "run")
    let own = [
      FixedOption(
        "--embedding-size", embeddingSize.map { .number(Double($0)) }, "config", "embedding_size"),
      FixedOption("--bidirectional", bidirectional ? .flag : nil, "config", "bidirectional"),
      FixedOption("--batch-size", batchSize.map { .number(Double($0)) }, "batch_size"),
      FixedOption("--curriculum", curriculum ? .flag : nil, "grows_lengths"),
      FixedOption(
        "--warmup-steps", warmupSteps.map { .number(Double($0)) }, "warmup_steps"),
      FixedOption("--constant-rate", constantRate ? .word("constant") : nil, "schedule"),
      FixedOption("--seed", seed.map { .count($0) }, "seed"),
      FixedOption(
        "--precision", precision.map { .word($0.resolved.rawValue) }, "precision"),
      FixedOption("--keep-going", keepGoing ? .flag : nil, "keeps_going"),
    ].compactMap { $0 }
    for wish in own + KeyValue.fixed(with, option: "--with", "sizes") + model.fixed
      + optimizer.fixed
    {
      try wish.check(stored)
    }
  }

  private func train(_ run: TaskRun) throws {
    let settings = run.settings
    let kind = type(of: settings.architecture).name
    shared.note(
      "\(name) with \(kind), \(Numbers.grouped(settings.parameterCount)) parameters, batch "
        + "\(settings.batchSize), seed \(settings.trainer.seed)")
    shared.noteEngine(settings.trainer.precision)
    Signals.listen()
    var view = TaskProgressView(settings, isQuiet: shared.quiet, showsSteps: shared.verbose)
    let result: TaskResult
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
    try print(result, settings)
    if result.wasStopped, let signal = Signals.stopSignal {
      shared.note("stopped and saved: go on with --resume")
      throw ExitCode(128 + signal)
    }
  }

  private func print(_ result: TaskResult, _ settings: TaskSettings) throws {
    let (kind, goal) = (type(of: settings.architecture).name, settings.task.goal)
    if shared.format == .json {
      let summary: JSONValue = [
        "task": JSONValue(name), "architecture": JSONValue(kind),
        "parameters": JSONValue(settings.parameterCount),
        "steps": JSONValue(result.stepCount),
        "elapsed_seconds": JSONValue(result.clock.elapsedSeconds),
        "seed": JSONValue(settings.trainer.seed),
        "solved": JSONValue(result.isSolved),
        "best": .object(result.best.json(goal)),
      ]
      return try Console.standardOutput(summary.text(nonFinite: .null) + "\n")
    }
    let unit = type(of: settings.task).lengthUnit
    let rows = [("up to ", result.best.trained), ("", result.best.longer)].map { words, measure in
      "  \(words)\(measure.length) \(unit): \(Numbers.significant(goal.value(measure))) "
        + goal.valueName
    }
    try Console.standardOutput(
      """
      \(name) with \(kind): \(result.isSolved ? "solved" : "not solved") in \
      \(Numbers.grouped(result.stepCount)) steps, \(Numbers.duration(result.clock.elapsedSeconds))
      \(rows.joined(separator: "\n"))
      the goal is \(goal.text)

      """)
  }
}
