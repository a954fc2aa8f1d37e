import ArgumentParser
import TextLM

/// The model to train.
struct ModelShapeOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The architecture: lstm.", valueName: "name"))
  var arch: String?

  @Option(help: "Layers on top of each other. More can learn more and take proportionally longer.")
  var layers: Int?

  @Option(help: "Width of each layer; time and size grow with its square.")
  var hiddenSize: Int?

  @Option(help: "Width of the vectors that stand for characters; the default is --hidden-size, at most 256.")
  var embeddingSize: Int?

  @Option(help: "Part of the units dropped between layers in training: against overfitting.")
  var dropout: Double?

  @Flag(help: "Use the embedding as output weights too; needs equal widths.")
  var tied = false

  @Option(
    help: ArgumentHelp("Any hyperparameter of the architecture; repeatable.", valueName: "key=value"))
  var set: [String] = []

  /// Whether the sizes are left to us.
  var isAutomatic: Bool { layers == nil && hiddenSize == nil && set.isEmpty && arch == nil }

  var givenOptions: [String] {
    [
      ("--arch", arch != nil), ("--layers", layers != nil),
      ("--hidden-size", hiddenSize != nil), ("--embedding-size", embeddingSize != nil),
      ("--dropout", dropout != nil), ("--tied", tied), ("--set", !set.isEmpty),
    ].filter(\.1).map(\.0)
  }

  /// The configuration asked for; the sizes of `automatic` where none is given.
  func configuration(_ automatic: AutomaticPlan) throws -> ModelConfiguration {
    let kind = try ArchitectureRegistry.builtIn.architecture(named: arch ?? "lstm")
    var written: [(name: String, value: String)] = []
    if isAutomatic {
      written = automatic.hyperparameters
      if let dropout { written.removeAll { $0.name == "dropout" && dropout >= 0 } }
    }
    if let layers { written.append(("layers", "\(layers)")) }
    if let hiddenSize { written.append(("hidden_size", "\(hiddenSize)")) }
    if let dropout { written.append(("dropout", "\(dropout)")) }
    for setting in set {
      guard let equals = setting.firstIndex(of: "=") else {
        throw OptionError.value(option: "--set", value: setting, allowed: "key=value")
      }
      written.append(
        (String(setting[..<equals]), String(setting[setting.index(after: equals)...])))
    }
    let values = try Hyperparameters(
      written: written, known: kind.hyperparameters, architecture: kind.name)
    let architecture = kind.init(values)
    let standard = tied ? architecture.outputSize : min(256, architecture.outputSize)
    let embeddingSize = embeddingSize ?? standard
    guard ModelConfiguration.embeddingSizes.contains(embeddingSize) else {
      throw OptionError.value(
        option: "--embedding-size", value: "\(embeddingSize)",
        allowed: "from \(ModelConfiguration.embeddingSizes.lowerBound) to "
          + "\(ModelConfiguration.embeddingSizes.upperBound)")
    }
    return ModelConfiguration(
      architecture: architecture, embeddingSize: embeddingSize, isTied: tied)
  }
}

/// The learning rate's course.
enum ScheduleOption: String, ExpressibleByArgument, CaseIterable {
  case cosine
  case constant

  var course: LearningRatePlan.Course {
    switch self {
    case .cosine: .cosine
    case .constant: .constant
    }
  }
}

/// The optimizer, currently one.
enum OptimizerOption: String, ExpressibleByArgument, CaseIterable {
  case adamw
}

/// How long and in which steps to train.
struct TrainingLengthOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Train for this long, such as 75s, 5m or 2h.", valueName: "time"))
  var budget: String?

  @Option(help: "Train for so many passes over the text.")
  var epochs: Int?

  @Option(help: "Train for so many optimizer steps; such a run can be repeated bit for bit.")
  var maxSteps: Int?

  @Option(name: [.customShort("b"), .long], help: "Rows that are read side by side in a step.")
  var batchSize: Int?

  @Option(help: "Characters of each row in a step, through which gradients flow.")
  var seqLength: Int?

  @Option(help: "The optimizer.")
  var optimizer: OptimizerOption = .adamw

  @Option(help: "The greatest learning rate. Too large diverges, too small learns slowly.")
  var lr: Double?

  @Option(help: "The learning rate's course after warming up.")
  var schedule: ScheduleOption = .cosine

  @Option(help: "Steps in which the learning rate rises to its greatest.")
  var warmupSteps = 20

  @Option(help: "AdamW's weight decay: against overfitting.")
  var weightDecay = 0.01

  @Option(help: "Bound of the gradients' norm; 0 for none.")
  var gradClip = 1.0

  @Option(
    help: """
      Number format of the products: auto takes bfloat16 where the processor has it, which is \
      faster, else float32.
      """)
  var precision: PrecisionOption = .auto

  /// Whether the size of steps is left to us.
  var isAutomatic: Bool { batchSize == nil && seqLength == nil && lr == nil }

  func validate() throws {
    let lengths = [budget != nil, epochs != nil, maxSteps != nil]
    if lengths.count(where: { $0 }) > 1 {
      throw ValidationError("give one of --budget, --epochs and --max-steps")
    }
    for (name, value) in [
      ("--epochs", epochs), ("--max-steps", maxSteps), ("--batch-size", batchSize),
      ("--seq-length", seqLength),
    ] {
      if let value, value < 1 || value > 1 << 24 {
        throw ValidationError("\(name) is \(value), but must be from 1 to \(1 << 24)")
      }
    }
    if let lr, !(lr > 0 && lr <= 1e6) {
      throw ValidationError("--lr is \(lr), but must be above 0 and at most 1e6")
    }
    if !(weightDecay >= 0 && weightDecay <= 100) {
      throw ValidationError("--weight-decay is \(weightDecay), but must be from 0 to 100")
    }
    if !(gradClip >= 0 && gradClip <= 1e6) {
      throw ValidationError("--grad-clip is \(gradClip), but must be from 0 to 1e6")
    }
    if warmupSteps < 0 {
      throw ValidationError("--warmup-steps is \(warmupSteps), but must be 0 or more")
    }
    if let budget, Numbers.seconds(budget) == nil {
      throw ValidationError("--budget is \(budget), but must be a time such as 75s, 5m or 2h")
    }
  }

  func budgetSeconds() throws -> Double? {
    budget.flatMap { Numbers.seconds($0) }
  }

  /// The end that was asked for, if any.
  func horizon() throws -> LearningRatePlan.Horizon? {
    if let maxSteps { return .steps(maxSteps) }
    if let epochs { return .epochs(epochs) }
    return try budgetSeconds().map { .seconds($0) }
  }

  /// Options that decide more than how long to go on.
  var givenOptions: [String] {
    [
      ("--batch-size", batchSize != nil), ("--seq-length", seqLength != nil),
      ("--lr", lr != nil), ("--schedule", schedule != .cosine),
      ("--warmup-steps", warmupSteps != 20), ("--weight-decay", weightDecay != 0.01),
      ("--grad-clip", gradClip != 1), ("--precision", precision != .auto),
    ].filter(\.1).map(\.0)
  }
}

/// How the text is read.
struct TextOptions: ParsableArguments {
  /// Which part is held out.
  enum Split: String, ExpressibleByArgument, CaseIterable {
    case tail
    case streams
  }

  @Option(help: ArgumentHelp("What a token is: codepoint.", valueName: "name"))
  var unit = "codepoint"

  @Option(
    help: ArgumentHelp(
      "Unicode normalization: none, nfc, nfd, nfkc or nfkc-casefold.", valueName: "form"))
  var normalize = "nfc"

  @Option(help: "Characters that occur less often are spelled in bytes.")
  var minCount = 1

  @Option(help: "Keep at most so many characters; the rest is spelled in bytes.")
  var maxVocabulary: Int?

  @Option(help: "Part of the text that is held out to measure the model on; 0 for none.")
  var validationFraction: Double?

  @Option(help: ArgumentHelp("Measure the model on this text instead.", valueName: "file"))
  var validation: String?

  @Option(help: "Hold out the end of the text, or the end of each stream of a batch.")
  var split: Split?

  func validate() throws {
    if let validationFraction, !(validationFraction >= 0 && validationFraction < 1) {
      throw ValidationError(
        "--validation-fraction is \(validationFraction), but must be from 0 to below 1")
    }
    if validation != nil && (validationFraction != nil || split != nil) {
      throw ValidationError(
        "--validation cannot be given with --validation-fraction or --split: it is a text of its own"
      )
    }
    if minCount < 1 { throw ValidationError("--min-count is \(minCount), but must be 1 or more") }
    if let maxVocabulary, maxVocabulary < 1 {
      throw ValidationError("--max-vocabulary is \(maxVocabulary), but must be 1 or more")
    }
  }

  var givenOptions: [String] {
    [
      ("--unit", unit != "codepoint"), ("--normalize", normalize != "nfc"),
      ("--min-count", minCount != 1), ("--max-vocabulary", maxVocabulary != nil),
      ("--validation-fraction", validationFraction != nil), ("--split", split != nil),
    ].filter(\.1).map(\.0)
  }

  func split(_ files: [CorpusFile]) throws -> CorpusSplit {
    if !files.isEmpty { return .files(files) }
    let fraction = validationFraction ?? 0.1
    if fraction == 0 { return .none }
    return switch split ?? .tail {
    case .tail: .tail(fraction: fraction)
    case .streams: .streams(fraction: fraction)
    }
  }
}

/// What happens to the run's folder.
struct RunOptions: ParsableArguments {
  @Flag(help: "Go on with the run in the output folder, exactly where it was.")
  var resume = false

  @Flag(help: "Replace a run that is in the output folder already.")
  var overwrite = false

  @Flag(help: "Print the settings as JSON and do nothing.")
  var dryRun = false

  @Option(help: ArgumentHelp("A number that decides all draws.", valueName: "n"))
  var seed: UInt64?

  @Option(help: "Steps from one evaluation to the next; by default a twentieth of the run.")
  var evalEvery: Int?

  @Option(help: "Steps from one save to the next; by default once a minute and at evaluations.")
  var saveEvery: Int?

  func validate() throws {
    for (name, value) in [("--eval-every", evalEvery), ("--save-every", saveEvery)] {
      if let value, value < 1 { throw ValidationError("\(name) is \(value), but must be 1 or more") }
    }
  }

  var givenOptions: [String] {
    [("--seed", seed != nil), ("--eval-every", evalEvery != nil), ("--save-every", saveEvery != nil)]
      .filter(\.1).map(\.0)
  }
}
