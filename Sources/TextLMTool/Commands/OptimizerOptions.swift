import ArgumentParser
import TextLM

/// How gradients become steps.
struct OptimizerOptions: ParsableArguments {
  /// The optimizers by name.
  enum Name: String, ExpressibleByArgument, CaseIterable {
    case sgd
    case rmsprop
    case adam
    case adamw
  }

  @Option(
    help: ArgumentHelp(
      """
      The optimizer: adamw, which is the default, learns fast without much tuning; rmsprop is \
      char-rnn's; sgd is slower to begin with and wants a larger --lr.
      """, valueName: "name"))
  var optimizer: Name?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      The greatest learning rate. Too large diverges, too small learns slowly. Chosen by the size \
      of the model by default; 0.002 with rmsprop and 0.5 with sgd.
      """, valueName: "rate"))
  var lr: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Momentum of sgd, 0.9 by default, or rmsprop, 0 by default: smooths steps.",
      valueName: "rate"))
  var momentum: Double?

  @Flag(help: "Take sgd's gradient where the momentum is about to lead (Nesterov).")
  var nesterov = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How much of the mean squared gradient rmsprop keeps each step; 0.95 by default.",
      valueName: "rate"))
  var decayRate: Double?

  @Flag(help: "Subtract the squared mean gradient in rmsprop, as Graves does.")
  var centered = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How much of the mean gradient adam and adamw keep each step; 0.9 by default.",
      valueName: "rate"))
  var beta1: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      How much of the mean squared gradient adam and adamw keep each step. The default of 0.99 suits \
      short trainings, 0.999 long ones.
      """, valueName: "rate"))
  var beta2: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What keeps rmsprop's, adam's and adamw's divisions finite; 1e-8 by default.",
      valueName: "number"))
  var epsilon: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      How much weights are pulled to 0 each step, as a part of the learning rate: against learning by \
      heart. The default is 0.01 with adamw, where it is apart from the gradient, and 0 with others.
      """, valueName: "rate"))
  var weightDecay: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Bound of the gradients' norm: against single steps that spoil all; 0 for none. 1 by default.",
      valueName: "norm"))
  var gradClip: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Bound of each element of the gradients, as char-rnn has it with 5; none by default.",
      valueName: "number"))
  var gradClipValue: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Measure and keep an average of the weights that forgets by this rate each step, such as 0.99; \
      steadier than the weights of a single step.
      """, valueName: "rate"))
  var emaDecay: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Measure and keep the mean of all weights from that evaluation on that is worse than the best of \
      all but the last n before it (NT-ASGD, where n is 5).
      """, valueName: "n"))
  var asgdPatience: Int?

  func validate() throws {
    if emaDecay != nil && asgdPatience != nil {
      throw ValidationError("--ema-decay and --asgd-patience cannot be given together")
    }
    if let asgdPatience, asgdPatience < 1 || asgdPatience > 1 << 24 {
      throw ValidationError(
        "--asgd-patience is \(asgdPatience), but must be from 1 to \(1 << 24)")
    }
    func check(_ name: String, _ value: Double?, _ range: ClosedRange<Double>) throws {
      if let value, !range.contains(value) {
        throw ValidationError(
          "\(name) is \(value), but must be from \(Numbers.short(range.lowerBound)) to "
            + Numbers.short(range.upperBound))
      }
    }
    if let lr, !(lr > 0 && lr <= 1e6) {
      throw ValidationError("--lr is \(lr), but must be above 0 and at most 1e6")
    }
    let rates = 0.0...0.999999
    try check("--momentum", momentum, rates)
    try check("--decay-rate", decayRate, rates)
    try check("--beta1", beta1, rates)
    try check("--beta2", beta2, rates)
    try check("--ema-decay", emaDecay, rates)
    try check("--epsilon", epsilon, 1e-30...1)
    try check("--weight-decay", weightDecay, 0...100)
    try check("--grad-clip", gradClip, 0...1e6)
    try check("--grad-clip-value", gradClipValue, 1e-12...1e6)
  }

  /// Refuses numbers of another optimizer, which would change nothing. A resumed run has its own.
  func checkNumbers() throws {
    let name = optimizer ?? .adamw
    for (option, isGiven, takers) in [
      ("--momentum", momentum != nil, [Name.sgd, .rmsprop]), ("--nesterov", nesterov, [.sgd]),
      ("--decay-rate", decayRate != nil, [.rmsprop]), ("--centered", centered, [.rmsprop]),
      ("--beta1", beta1 != nil, [.adam, .adamw]), ("--beta2", beta2 != nil, [.adam, .adamw]),
      ("--epsilon", epsilon != nil, [.rmsprop, .adam, .adamw]),
    ] where isGiven && !takers.contains(name) {
      throw ValidationError(
        "\(option) means nothing to \(name.rawValue): it belongs to --optimizer "
          + takers.map(\.rawValue).joined(separator: " or "))
    }
  }

  /// The rule that was asked for.
  var rule: OptimizerRule {
    switch optimizer ?? .adamw {
    case .sgd: .sgd(momentum: momentum ?? 0.9, dampening: 0, isNesterov: nesterov)
    case .rmsprop:
      .rmsprop(
        decayRate: decayRate ?? 0.95, epsilon: epsilon ?? 1e-8, momentum: momentum ?? 0,
        isCentered: centered)
    case .adam:
      .adam(
        firstDecayRate: beta1 ?? 0.9, secondDecayRate: beta2 ?? 0.99, epsilon: epsilon ?? 1e-8)
    case .adamw:
      .adamw(
        firstDecayRate: beta1 ?? 0.9, secondDecayRate: beta2 ?? 0.99, epsilon: epsilon ?? 1e-8)
    }
  }

  /// The learning rate that was asked for or that goes with the optimizer; nil where the model's
  /// size decides.
  var rate: Double? {
    if let lr { return lr }
    switch optimizer ?? .adamw {
    case .sgd: return 0.5
    case .rmsprop: return 0.002
    case .adam, .adamw: return nil
    }
  }

  var decay: Double { weightDecay ?? (optimizer ?? .adamw == .adamw ? 0.01 : 0) }

  var clip: GradientClip? {
    gradClip == 0 ? nil : GradientClip(maximumNorm: gradClip ?? 1)
  }

  var averaging: AveragingRule? {
    emaDecay.map { .exponential(decay: $0) } ?? asgdPatience.map { .triggered(patience: $0) }
  }

  /// What a resumed run has decided already.
  var fixed: [FixedOption] {
    [
      FixedOption("--optimizer", optimizer.map { .word($0.rawValue) }, "optimizer"),
      FixedOption("--lr", lr.map { .number($0) }, "learning_rate"),
      FixedOption("--momentum", momentum.map { .number($0) }, "momentum"),
      FixedOption("--nesterov", nesterov ? .flag : nil, "nesterov"),
      FixedOption("--decay-rate", decayRate.map { .number($0) }, "decay_rate"),
      FixedOption("--centered", centered ? .flag : nil, "centered"),
      FixedOption("--beta1", beta1.map { .number($0) }, "beta1"),
      FixedOption("--beta2", beta2.map { .number($0) }, "beta2"),
      FixedOption("--epsilon", epsilon.map { .number($0) }, "epsilon"),
      FixedOption("--weight-decay", weightDecay.map { .number($0) }, "weight_decay"),
      FixedOption(
        "--grad-clip", gradClip.map { $0 == 0 ? .nothing("0") : .number($0) }, "gradient_clip"),
      FixedOption("--ema-decay", emaDecay.map { .number($0) }, "ema_decay"),
      FixedOption("--asgd-patience", asgdPatience.map { .number(Double($0)) }, "asgd_patience"),
      FixedOption("--grad-clip-value", gradClipValue.map { .number($0) }, "gradient_limit"),
    ].compactMap { $0 }
  }
}
