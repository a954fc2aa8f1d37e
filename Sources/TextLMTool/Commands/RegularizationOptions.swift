import ArgumentParser
import TextLM

/// What is done against learning by heart, beside --dropout and --weight-decay; all off by default, but
/// that --output-dropout is chosen with the model's size where that is not given.
struct RegularizationOptions: ParsableArguments {
  @Flag(
    help: """
      Let --dropout, --input-dropout and --output-dropout zero the same units at all steps of a window \
      (variational dropout).
      """)
  var lockedDropout = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Part of the characters whose embedding is zeroed throughout a window.", valueName: "part"))
  var embeddingDropout: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Part of the embedding's output that is zeroed.", valueName: "part"))
  var inputDropout: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Part of the top layer's output that is zeroed: the most useful of these for characters. Without \
      any size it is chosen; otherwise 0.
      """, valueName: "part"))
  var outputDropout: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Part of the recurrent weights that is zeroed for a window (DropConnect).",
      valueName: "part"))
  var weightDrop: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Part of each target's probability that is spread over all characters: makes a model less sure \
      of itself, so that its measured nats become worse.
      """, valueName: "part"))
  var labelSmoothing: Double?

  @Option(
    name: [.customLong("ar"), .customLong("activation-regularization")], parsing: .unconditional,
    help: ArgumentHelp("Weight of the top layer's mean squared output.", valueName: "weight"))
  var activationRegularization: Double?

  @Option(
    name: [.customLong("tar"), .customLong("temporal-activation-regularization")],
    parsing: .unconditional,
    help: ArgumentHelp(
      "Weight of its mean squared change from step to step.", valueName: "weight"))
  var temporalActivationRegularization: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Weight of the sum of all weights' sizes: makes weights that are exactly 0.",
      valueName: "weight"))
  var l1: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Weight of half the sum of all squared weights, in the gradient; see --weight-decay.",
      valueName: "weight"))
  var l2: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Part of the characters read in training that are replaced by others.", valueName: "part"))
  var noiseSubstitution: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Part of the characters read in training that are hidden.", valueName: "part"))
  var noiseDeletion: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Part of the characters read in training that change places with the next.",
      valueName: "part"))
  var noiseSwap: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Part of the letters read in training that are read in the other case.", valueName: "part"))
  var noiseCase: Double?

  /// Every rate with the name that stored runs have for it, and whether it may be above 1.
  private var rates: [(option: String, value: Double?, key: String, isWeight: Bool)] {
    [
      ("--embedding-dropout", embeddingDropout, "embedding_dropout", false),
      ("--input-dropout", inputDropout, "input_dropout", false),
      ("--output-dropout", outputDropout, "output_dropout", false),
      ("--weight-drop", weightDrop, "weight_drop", false),
      ("--label-smoothing", labelSmoothing, "label_smoothing", false),
      ("--ar", activationRegularization, "activation_regularization", true),
      ("--tar", temporalActivationRegularization, "temporal_activation_regularization", true),
      ("--l1", l1, "l1", true), ("--l2", l2, "l2", true),
      ("--noise-substitution", noiseSubstitution, "noise_substitution", false),
      ("--noise-deletion", noiseDeletion, "noise_deletion", false),
      ("--noise-swap", noiseSwap, "noise_swap", false),
      ("--noise-case", noiseCase, "noise_case", false),
    ]
  }

  func validate() throws {
    for (option, value, _, isWeight) in rates {
      guard let value else { continue }
      guard value >= 0, isWeight ? value <= 1e6 : value < 1 else {
        throw ValidationError(
          "\(option) is \(value), but must be from 0 to \(isWeight ? "1e6" : "below 1")")
      }
    }
  }

  var regularization: Regularization {
    var result = Regularization()
    result.isDropoutLocked = lockedDropout
    result.embeddingDropout = Float(embeddingDropout ?? 0)
    result.inputDropout = Float(inputDropout ?? 0)
    result.outputDropout = Float(outputDropout ?? 0)
    result.weightDrop = Float(weightDrop ?? 0)
    result.labelSmoothing = Float(labelSmoothing ?? 0)
    result.activation = Float(activationRegularization ?? 0)
    result.temporalActivation = Float(temporalActivationRegularization ?? 0)
    return result
  }

  var noise: NoiseRule {
    NoiseRule(
      substitution: noiseSubstitution ?? 0, deletion: noiseDeletion ?? 0, swap: noiseSwap ?? 0,
      caseChange: noiseCase ?? 0)
  }

  /// What a resumed run has decided already.
  var fixed: [FixedOption] {
    rates.compactMap { option, value, key, _ in
      FixedOption(option, value.map { $0 == 0 ? .nothing("0") : .number($0) }, key)
    }
      + [FixedOption("--locked-dropout", lockedDropout ? .flag : nil, "locked_dropout")]
      .compactMap { $0 }
  }
}
