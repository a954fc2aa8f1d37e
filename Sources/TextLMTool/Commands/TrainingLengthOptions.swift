import ArgumentParser
import TextLM

/// How long and in which steps to train.
struct TrainingLengthOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Train for this long, such as 75s, 5m or 1h30m. Without any length: 5m.", valueName: "time"))
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

  @Flag(
    inversion: .prefixedNo,
    help: """
      Cut rows into windows at other places in each epoch, so that no character always comes after a \
      cut, through which gradients do not flow.
      """)
  var randomOffset = true

  @Flag(
    help: """
      Cut windows of random lengths around --seq-length, as AWD-LSTM does; their learning rate is in \
      proportion.
      """)
  var randomLength = false

  @Flag(
    inversion: .prefixedNo,
    help: """
      Read windows in a random order, each as if nothing came before it, instead of one behind the \
      other with the memory kept. By default only a transformer that sees no farther back than \
      --seq-length reads so.
      """)
  var shuffle: Bool?

  @Option(
    help: """
      Number format of the products; auto takes the fastest: bfloat16 where the processor has it, \
      else int16, or float32 where it has no vectors of integers.
      """)
  var precision: PrecisionOption = .auto

  /// Whether the size of steps is left to us.
  var isAutomatic: Bool { batchSize == nil && seqLength == nil }

  /// How rows are cut into windows of about `sequenceLength` steps for `architecture`.
  func windows(for architecture: any CausalArchitecture, sequenceLength: Int) -> WindowRule {
    let standard = architecture.standardWindows(sequenceLength: sequenceLength)
    return WindowRule(
      isOffsetRandom: randomOffset, isLengthRandom: randomLength,
      isShuffled: shuffle ?? (standard.isShuffled && !randomLength))
  }

  /// Whether the training ends by time, given or not.
  var isTimed: Bool { epochs == nil && maxSteps == nil }

  func validate() throws {
    let lengths = [budget != nil, epochs != nil, maxSteps != nil]
    if lengths.count(where: { $0 }) > 1 {
      throw ValidationError("give one of --budget, --epochs and --max-steps")
    }
    if shuffle == true, randomLength {
      throw ValidationError(
        "--shuffle reads windows of equal lengths, and --random-length makes them unequal: leave one out"
      )
    }
    for (name, value) in [
      ("--epochs", epochs), ("--max-steps", maxSteps), ("--batch-size", batchSize),
      ("--seq-length", seqLength),
    ] {
      if let value, value < 1 || value > 1 << 24 {
        throw ValidationError("\(name) is \(value), but must be from 1 to \(1 << 24)")
      }
    }
    if let budget, !(budgetSeconds.map { $0 <= 365 * 86400 } ?? false) {
      throw ValidationError(
        "--budget is \(budget), but must be a time such as 75s, 5m or 1h30m, and at most 365d")
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
      FixedOption("--no-random-offset", randomOffset ? nil : .nothing("given"), "random_offset"),
      FixedOption("--random-length", randomLength ? .flag : nil, "random_length"),
      FixedOption(
        shuffle == false ? "--no-shuffle" : "--shuffle",
        shuffle.map { $0 ? .flag : .nothing("given") }, "shuffle"),
      FixedOption("--precision", precision == .auto ? nil : .word(precision.rawValue), "precision"),
    ].compactMap { $0 }
  }
}
