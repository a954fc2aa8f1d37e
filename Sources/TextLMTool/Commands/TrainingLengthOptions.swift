import ArgumentParser
import TextLM

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
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Train for this long, such as 75s, 5m or 2h. Without any length: 5m.", valueName: "time"))
  var budget: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Train for so many passes over the text.", valueName: "n"))
  var epochs: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Train for so many optimizer steps; such a run can be repeated bit for bit.",
      valueName: "n"))
  var maxSteps: Int?

  @Option(
    name: [.customShort("b"), .long], parsing: .unconditional,
    help: ArgumentHelp(
      """
      Rows that are read side by side in a step: more make steps steadier and fewer. Chosen by \
      the size of the text by default.
      """, valueName: "n"))
  var batchSize: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Characters of each row in a step, through which gradients flow: longer ones see farther and \
      make fewer steps. The default is 64.
      """, valueName: "n"))
  var seqLength: Int?

  @Option(help: ArgumentHelp("The optimizer.", valueName: "name"))
  var optimizer: OptimizerOption = .adamw

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      The greatest learning rate. Too large diverges, too small learns slowly. Chosen by the size \
      of the model by default.
      """, valueName: "rate"))
  var lr: Double?

  @Option(
    help: ArgumentHelp(
      "The learning rate's course after warming up: cosine falls to a hundredth at the end.",
      valueName: "name"))
  var schedule: ScheduleOption = .cosine

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Steps in which the learning rate rises to its greatest; more when the start diverges.",
      valueName: "n"))
  var warmupSteps = 20

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How much AdamW pulls weights to 0: against learning by heart.", valueName: "rate"))
  var weightDecay = 0.01

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Bound of the gradients' norm: against single steps that spoil all; 0 for none.",
      valueName: "norm"))
  var gradClip = 1.0

  @Option(
    help: """
      Number format of the products; auto takes the fastest: bfloat16 where the processor has it, \
      else int16, or float32 where it has no vectors of integers.
      """)
  var precision: PrecisionOption = .auto

  /// Whether the size of steps is left to us.
  var isAutomatic: Bool { batchSize == nil && seqLength == nil && lr == nil }

  /// Whether the training ends by time, given or not.
  var isTimed: Bool { epochs == nil && maxSteps == nil }

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
    if let budget, !(budgetSeconds.map { $0 <= 365 * 86400 } ?? false) {
      throw ValidationError(
        "--budget is \(budget), but must be a time such as 75s, 5m or 2h, and at most 365d")
    }
  }

  /// The time to train, where it is given.
  var budgetSeconds: Double? {
    budget.flatMap { Numbers.seconds($0) }
  }

  /// The end that was asked for, if any.
  var horizon: LearningRatePlan.Horizon? {
    if let maxSteps { return .steps(maxSteps) }
    if let epochs { return .epochs(epochs) }
    return budgetSeconds.map { .seconds($0) }
  }

  /// What a resumed run has decided already; how long to go on is not.
  var fixed: [FixedOption] {
    [
      FixedOption("--batch-size", batchSize.map { .number(Double($0)) }, "batch_size"),
      FixedOption("--seq-length", seqLength.map { .number(Double($0)) }, "sequence_length"),
      FixedOption("--lr", lr.map { .number($0) }, "learning_rate"),
      FixedOption("--schedule", schedule == .cosine ? nil : .word(schedule.rawValue), "schedule"),
      FixedOption(
        "--warmup-steps", warmupSteps == 20 ? nil : .number(Double(warmupSteps)), "warmup_steps"),
      FixedOption(
        "--weight-decay", weightDecay == 0.01 ? nil : .number(weightDecay), "weight_decay"),
      FixedOption(
        "--grad-clip", gradClip == 1 ? nil : gradClip == 0 ? .nothing("0") : .number(gradClip),
        "gradient_clip"),
      FixedOption("--precision", precision == .auto ? nil : .word(precision.rawValue), "precision"),
    ].compactMap { $0 }
  }
}
