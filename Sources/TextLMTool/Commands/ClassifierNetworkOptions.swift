import ArgumentParser
import TextLM

/// The network that classifies, and how it is trained.
struct ClassifierNetworkOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Layers on top of each other. Without any size of the network, and without --epochs and \
      --max-steps, sizes and a number of epochs are chosen that suit the texts, the time and this \
      machine.
      """, valueName: "n"))
  var layers: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Width of each layer; time and size grow with its square.", valueName: "n"))
  var hiddenSize: Int?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Any hyperparameter of the architecture, such as layers=2; repeatable.",
      valueName: "key=value"))
  var set: [String] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Width of the vectors that stand for characters.", valueName: "n"))
  var embeddingSize: Int?

  @Flag(
    help: """
      Read with two encoders, one from each end, so that every output knows the whole text: twice the \
      time.
      """)
  var bidirectional = false

  @Flag(
    help: """
      Read the words with one encoder and what they give with another, each with attention \
      (hierarchical attention); --arch han is short for it with gru and --bidirectional.
      """)
  var hierarchy = false

  @Option(
    help: ArgumentHelp(
      """
      How outputs become one vector: last, mean, max, joined for these three side by side, or \
      attention. The default is joined, and with --hierarchy attention.
      """, valueName: "way"))
  var pooling: TextPooling?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Units that attention is computed by; 64 by default.", valueName: "n"))
  var attentionSize: Int?

  @OptionGroup var joining: JoinedNGramOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Part of a text's vector that is dropped in training: keeps small sets from being learned by \
      heart. 0.5 by default.
      """, valueName: "part"))
  var dropout: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Part of the truth that is spread over all labels: makes probabilities less sure.",
      valueName: "part"))
  var labelSmoothing: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Part of the characters read in training that is disturbed, a third of it each replaced, hidden \
      and exchanged with the next: against what is misspelled.
      """, valueName: "part"))
  var noise: Double?

  @Option(
    help: ArgumentHelp(
      """
      Begin with the encoder and the tokens of this language model; with --unfreeze-every its layers \
      begin to learn one after another, and with --freeze 'forward.*' never.
      """, valueName: "model"))
  var initFrom: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Let the encoder also tell each text's next character, and add that loss with this weight, such \
      as 0.5, to that of the labels: with --init-from it stays a language model. 0, which is the \
      default, for none.
      """, valueName: "weight"))
  var lmLoss: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Train for so many passes over the texts.", valueName: "n"))
  var epochs: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Train for so many optimizer steps; such a training can be repeated bit for bit.",
      valueName: "n"))
  var maxSteps: Int?

  @Option(
    name: [.customShort("b"), .long], parsing: .unconditional,
    help: ArgumentHelp("Texts of a step; 32 by default.", valueName: "n"))
  var batchSize: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "End early when so many epochs in a row were no better; 5 by default.", valueName: "n"))
  var patience: Int?

  @Option(help: "Number format of the products: float32 unless told otherwise.")
  var precision: PrecisionOption?

  func validate() throws {
    for (name, value) in [
      ("--epochs", epochs), ("--max-steps", maxSteps), ("--batch-size", batchSize),
      ("--patience", patience),
    ] {
      if let value, !(1...1 << 24).contains(value) {
        throw ValidationError("\(name) is \(value), but must be from 1 to \(1 << 24)")
      }
    }
    if let noise, !(noise >= 0 && noise < 1) {
      throw ValidationError("--noise is \(noise), but must be from 0 to below 1")
    }
    if let lmLoss, !(lmLoss >= 0 && lmLoss.isFinite) {
      throw ValidationError("--lm-loss is \(lmLoss), but must be a number from 0 on")
    }
    let sizes = written.map(\.option) + (embeddingSize == nil ? [] : ["--embedding-size"])
    if initFrom != nil, let name = sizes.first {
      throw ValidationError("--init-from has the sizes of that model: leave \(name) away")
    }
  }

  /// Refuses what does not go with a hierarchy, which `option` asks for; nil for a sequence.
  func checkHierarchy(_ option: String?) throws {
    guard let option else {
      if attentionSize != nil, pooling != .attention {
        throw ValidationError("--attention-size means nothing without --pooling attention")
      }
      return
    }
    if let pooling, pooling != .attention {
      throw ValidationError(
        "\(option) has attention, and --pooling is \(pooling.rawValue): leave one out")
    }
    if initFrom != nil {
      throw ValidationError("--init-from is of one encoder, and \(option) has two: leave one out")
    }
  }

  /// The end that was asked for, if any; a time is asked for elsewhere.
  var horizon: LearningRatePlan.Horizon? {
    maxSteps.map { .steps($0) } ?? epochs.map { .epochs($0) }
  }

  /// The hyperparameters that were asked for.
  func hyperparameters() throws -> [(name: String, value: String)] {
    let sizes = [("layers", layers), ("hidden_size", hiddenSize)].compactMap { name, value in
      value.map { (name: name, value: "\($0)") }
    }
    return try sizes + KeyValue.parse(set, option: "--set")
  }

  private var written: [(option: String, isGiven: Bool)] {
    [
      ("--layers", layers != nil), ("--hidden-size", hiddenSize != nil), ("--set", !set.isEmpty),
    ].filter(\.isGiven)
  }

  /// The options that were given.
  var given: [String] {
    written.map(\.option) + joining.given
      + [
        ("--embedding-size", embeddingSize != nil), ("--bidirectional", bidirectional),
        ("--hierarchy", hierarchy), ("--pooling", pooling != nil),
        ("--attention-size", attentionSize != nil), ("--lm-loss", lmLoss != nil),
        ("--dropout", dropout != nil),
        ("--label-smoothing", labelSmoothing != nil), ("--noise", noise != nil),
        ("--init-from", initFrom != nil), ("--epochs", epochs != nil),
        ("--max-steps", maxSteps != nil), ("--batch-size", batchSize != nil),
        ("--patience", patience != nil), ("--precision", precision != nil),
      ].filter(\.1).map(\.0)
  }

  /// What a resumed run has decided already.
  var fixed: [FixedOption] {
    KeyValue.fixed(set, option: "--set", "config", "hyperparameters") + joining.fixed
      + [
        FixedOption(
          "--layers", layers.map { .number(Double($0)) }, "config", "hyperparameters", "layers"),
        FixedOption(
          "--hidden-size", hiddenSize.map { .number(Double($0)) }, "config", "hyperparameters",
          "hidden_size"),
        FixedOption(
          "--embedding-size", embeddingSize.map { .number(Double($0)) }, "config",
          "embedding_size"),
        FixedOption(
          "--bidirectional", bidirectional ? .word(ReadingSides.both.rawValue) : nil, "config",
          "sides"),
        FixedOption(
          "--hierarchy", hierarchy ? .word(TextStructure.hierarchy.rawValue) : nil, "config",
          "structure"),
        FixedOption("--pooling", pooling.map { .word($0.rawValue) }, "config", "pooling"),
        FixedOption(
          "--attention-size", attentionSize.map { .number(Double($0)) }, "config",
          "attention_size"),
        FixedOption("--lm-loss", lmLoss.map { .number($0) }, "language_loss_weight"),
        FixedOption("--dropout", dropout.map { .number($0) }, "config", "dropout"),
        FixedOption(
          "--label-smoothing", labelSmoothing.map { .number($0) }, "config", "label_smoothing"),
        FixedOption(
          "--noise", noise.map { $0 == 0 ? .nothing("0") : .number($0 / 3) },
          "noise_substitution"),
        FixedOption("--batch-size", batchSize.map { .number(Double($0)) }, "batch_size"),
        FixedOption("--patience", patience.map { .number(Double($0)) }, "patience"),
        FixedOption(
          "--precision", precision.map { .word($0.resolved.rawValue) }, "precision"),
      ].compactMap { $0 }
  }
}
