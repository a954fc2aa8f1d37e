import ArgumentParser
import TextLM

/// `textlm compare`: trains several architectures alike and ranks them.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Train several architectures alike and rank them.",
    discussion: """
      Each is trained for the same time on the same text, with the sizes that `train` would choose for \
      it, or with --params all of about the same number of parameters. The result is a table in \
      Markdown: nats and bits of the held-out text, parameters, characters a second in training and in \
      writing, and the most memory that was needed.

      Models lie in the output folder under the architectures' names. Ctrl-C stops after saving; \
      --resume goes on.
      """)

  @OptionGroup var series: SeriesOptions

  @Option(
    help: ArgumentHelp(
      "The architectures, with commas between them; all by default.", valueName: "names"))
  var arch: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The time of each training, such as 75s or 5m.", valueName: "time"))
  var budget = "2m"

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Choose the width of each for about so many parameters in all, such as 500K or 5M. By default \
      sizes are chosen by the text and the time.
      """, valueName: "n"))
  var params: String?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "A hyperparameter of one of them, such as transformer.layers=4; repeatable.",
      valueName: "arch.key=value"))
  var set: [String] = []

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("The comparison's folder, which is created.", valueName: "name.textlm"))
  var output = "compared.textlm"

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The seed of all trainings; 1 by default.", valueName: "n"))
  var seed: UInt64?

  @Option(
    help: """
      Number format of the products; auto takes the fastest: bfloat16 where the processor has it, \
      else int16, or float32 where it has no vectors of integers.
      """)
  var precision: PrecisionOption = .auto

  @OptionGroup var shared: SharedOptions

  func validate() throws {
    try SeriesOptions.check(budget: budget)
    if let params, Numbers.count(params) == nil {
      throw ValidationError(
        "--params is \(params), but must be a number of parameters such as 500K or 5M")
    }
  }

  func run() throws {
    try shared.apply()
    let (files, validationFiles) = try series.files(
      { try Comparison.reading(ofComparisonAt: output) }, shared.output)
    let comparison: Comparison
    if series.resume {
      comparison = try Comparison(
        resuming: output, corpus: files, validationFiles: validationFiles)
      try refuseChanges(to: comparison)
    } else {
      comparison = try Comparison(
        entries(files, validationFiles), seconds: Numbers.seconds(budget) ?? 0, corpus: files,
        path: output, overwrites: series.overwrite,
        commandLine: Arguments.normalized(CommandLine.arguments.dropFirst()))
    }
    try train(comparison)
  }

  /// The architectures asked for.
  private func kinds() throws -> [any CausalArchitecture.Type] {
    guard let arch else { return ArchitectureRegistry.builtIn.all }
    let names = arch.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard Set(names).count == names.count else {
      throw ValidationError("--arch is \(arch), but must name each architecture once")
    }
    return try names.map { try ArchitectureRegistry.builtIn.architecture(named: $0) }
  }

  /// The hyperparameters asked for, by architecture.
  private func settings(
    of kinds: [any CausalArchitecture.Type]
  ) throws -> [String: [(name: String, value: String)]] {
    var settings: [String: [(name: String, value: String)]] = [:]
    for (key, value) in try KeyValue.parse(set, option: "--set") {
      let parts = key.split(separator: ".", maxSplits: 1).map(String.init)
      guard parts.count == 2, kinds.contains(where: { $0.name == parts[0] }) else {
        throw OptionError.value(
          option: "--set", value: "\(key)=\(value)",
          allowed: "arch.key=value, where arch is one of "
            + kinds.map { $0.name }.joined(separator: ", "))
      }
      if let params, let kind = kinds.first(where: { $0.name == parts[0] }),
        kind.widthName == parts[1]
      {
        throw ValidationError(
          "--params is \(params) and chooses the width: leave --set \(key) away")
      }
      settings[parts[0], default: []].append((parts[1], value))
    }
    return settings
  }

  private func entries(
    _ files: [CorpusFile], _ validationFiles: [CorpusFile]
  ) throws -> [RunSettings] {
    let kinds = try kinds()
    let settings = try settings(of: kinds)
    let characterCount = files.reduce(0) { $0 + $1.characterCount }
    let seconds = Numbers.seconds(budget) ?? 0
    // One measurement for all, so that the same machine is assumed.
    let gigaflops = AutomaticPlan.gigaflops(precision.resolved)
    var data = try series.data(validationFiles, batchSize: 1, sequenceLength: 1)
    let parameterCount = params.flatMap { Numbers.count($0) }
    let vocabularySize =
      parameterCount == nil ? 0 : try PreparedCorpus(files, data).tokenizer.vocabulary.count
    return try kinds.map { kind in
      let plan = AutomaticPlan(
        kind, characterCount: characterCount, seconds: seconds, gigaflops: gigaflops)
      let own = settings[kind.name] ?? []
      let model: ModelConfiguration
      if let parameterCount {
        model = try ModelSizing.configuration(
          parameterCount: parameterCount, vocabularySize: vocabularySize,
          widths: 1...ModelConfiguration.embeddingSizes.upperBound
        ) { width in
          let written = own + [(kind.widthName, "\(width)")]
          return Self.configuration(
            kind.init(
              try Hyperparameters(
                written: written, known: kind.hyperparameters, architecture: kind.name)))
        }
      } else {
        model = Self.configuration(try kind.init(written: plan.hyperparameters + own))
      }
      data.batchSize = plan.batchSize
      data.sequenceLength = plan.sequenceLength
      var regularization = Regularization()
      if parameterCount == nil { regularization.outputDropout = Float(plan.outputDropout) }
      return RunSettings(
        model: model, data: data,
        trainer: TrainerSettings(
          seed: seed ?? AutomaticPlan.standardSeed, precision: precision.resolved,
          regularization: regularization,
          windows: model.architecture.standardWindows(sequenceLength: plan.sequenceLength)),
        plan: LearningRatePlan(
          peak: model.architecture.standardLearningRate, warmupSteps: 20,
          horizon: .seconds(seconds)))
    }
  }

  private static func configuration(_ architecture: any CausalArchitecture) -> ModelConfiguration {
    ModelConfiguration(
      architecture: architecture, embeddingSize: architecture.standardEmbeddingSize)
  }

  private func refuseChanges(to comparison: Comparison) throws {
    let stored = try series.refuseChanges(to: comparison.entries[0])
    try FixedOption("--seed", seed.map { .count($0) }, "seed")?.check(stored)
    try FixedOption(
      "--precision", precision == .auto ? nil : .word(precision.rawValue), "precision")?
      .check(stored)
    let names = comparison.entries.map { type(of: $0.model.architecture).name }
      .joined(separator: ",")
    if let arch, arch != names {
      throw OptionError.fixedByRun(option: "--arch", given: arch, stored: names)
    }
  }

  private func train(_ comparison: Comparison) throws {
    let names = comparison.entries.map { type(of: $0.model.architecture).name }
    shared.note(
      "\(names.count) architectures, \(Numbers.duration(comparison.seconds)) each: "
        + names.joined(separator: ", "))
    shared.noteEngine(comparison.entries[0].trainer.precision)
    Signals.listen()
    var view = TrainingProgressView(isQuiet: shared.quiet, showsSteps: shared.verbose)
    let wasStopped: Bool
    do {
      wasStopped = try comparison.train { event in
        switch event {
        case .began(let architecture, let parameterCount):
          view.close()
          view = TrainingProgressView(isQuiet: shared.quiet, showsSteps: shared.verbose)
          shared.note("\(architecture), \(Numbers.grouped(parameterCount)) parameters")
        case .training(let event): view.show(event)
        case .ended(let result):
          view.close()
          if let failure = result.failure {
            shared.note("\(result.architecture) failed: \(failure)")
          }
        }
        return Signals.stopSignal == nil
      }
    } catch {
      view.close()
      throw error
    }
    view.close()
    try print(comparison)
    if wasStopped, let signal = Signals.stopSignal {
      shared.note("stopped and saved: go on with --resume")
      throw ExitCode(128 + signal)
    }
  }

  private func print(_ comparison: Comparison) throws {
    if shared.format == .json {
      let summary: JSONValue = [
        "folder": JSONValue(output), "seconds": JSONValue(comparison.seconds),
        "elapsed_seconds": JSONValue(comparison.elapsedSeconds),
        "seed": JSONValue(comparison.entries[0].trainer.seed),
        "ranking": .array(comparison.ranking.map(\.json)),
      ]
      return try Console.standardOutput(summary.text(nonFinite: .null) + "\n")
    }
    try Console.standardOutput(
      MarkdownTable.text(Self.header, comparison.ranking.enumerated().map(Self.cells)) + "\n")
  }

  private static let header = [
    "", "architecture", "nats", "bits/char", "parameters", "trained chars/s", "written chars/s",
    "memory MiB", "steps",
  ]

  private static func cells(_ place: Int, _ result: ComparisonResult) -> [String] {
    guard let outcome = result.outcome else {
      return ["", result.architecture, "failed"] + [String](repeating: "", count: 6)
    }
    return [
      "\(place + 1)", result.architecture, Numbers.fixed(outcome.natsPerToken, 4),
      Numbers.fixed(outcome.bitsPerCharacter, 3), Numbers.grouped(outcome.parameterCount),
      Numbers.rate(outcome.trainedPerSecond), Numbers.rate(outcome.writtenPerSecond),
      outcome.peakBytes.map { Numbers.grouped($0 >> 20) } ?? "?",
      Numbers.grouped(outcome.stepCount),
    ]
  }
}
