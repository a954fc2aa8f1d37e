import ArgumentParser
import TextLM

/// From which end a model reads, as asked for.
enum DirectionOption: String, ExpressibleByArgument, CaseIterable {
  case forward
  case backward

  var direction: ReadingDirection {
    switch self {
    case .forward: .forward
    case .backward: .backward
    }
  }
}

/// The model to train.
struct ModelShapeOptions: ParsableArguments {
  @OptionGroup var architecture: ArchitectureOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Choose the width for about so many parameters in all, such as 500K or 5M, for --layers as \
      given or the architecture's standard: within 2 %, or the nearest where only some widths are \
      possible.
      """, valueName: "n"))
  var params: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Width of the vectors that stand for characters; the default is --hidden-size, at most 256 \
      unless --tied.
      """, valueName: "n"))
  var embeddingSize: Int?

  @Flag(
    help: """
      Let a character be a vector with a single 1, as wide as the vocabulary and never trained, as in \
      char-rnn, instead of a learned embedding.
      """)
  var oneHot = false

  @Flag(
    help: "Use the embedding as output weights too: fewer parameters, but equal widths needed.")
  var tied = false

  @Option(
    help: ArgumentHelp(
      """
      From which end the text is read: forward, which is the default, or backward. A model of each \
      fills gaps together with `textlm fill`.
      """, valueName: "end"))
  var direction: DirectionOption?

  @Option(
    name: .customLong("init"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      """
      How new parameters begin, where it is not as the layers would have it; repeatable. WHERE is \
      embedding, input, recurrent, output, bias, forget-bias or a pattern of paths; HOW is a number, \
      zeros, uniform:BOUND, normal:DEVIATION, xavier-uniform, xavier-normal, he-uniform, he-normal, \
      lecun-normal, orthogonal, identity, torch, or chrono:STEPS for forget-bias. By default input and \
      output are xavier-uniform, recurrent orthogonal, and forget-bias 1, but 0 where attention-lstm \
      compares states.
      """, valueName: "where=how"))
  var initialize: [String] = []

  /// Whether the sizes are left to us.
  var isAutomatic: Bool {
    !architecture.hasSizes && params == nil
  }

  func validate() throws {
    if oneHot && (embeddingSize != nil || tied) {
      throw ValidationError(
        "--one-hot has the vocabulary's width and is not trained: leave --embedding-size and --tied "
          + "away")
    }
    guard let params else { return }
    guard parameterCount != nil else {
      throw ValidationError(
        "--params is \(params), but must be a number of parameters such as 500K or 5M")
    }
    if architecture.hiddenSize != nil {
      throw ValidationError("--params chooses the width: leave --hidden-size away")
    }
  }

  /// The rules for first values: those of `--init`, and the one that `--one-hot` stands for.
  var initializationRules: [String] {
    initialize + (oneHot ? ["embedding=identity"] : [])
  }

  /// The number of parameters that was asked for.
  var parameterCount: Int? { params.flatMap { Numbers.count($0) } }

  /// What a resumed run has decided already.
  var fixed: [FixedOption] {
    architecture.fixed
      + [
        FixedOption(
          "--embedding-size", embeddingSize.map { .number(Double($0)) }, "config",
          "embedding_size"),
        FixedOption("--tied", tied ? .flag : nil, "config", "tied"),
        FixedOption(
          "--direction",
          direction.map { $0 == .forward ? .nothing("forward") : .word($0.rawValue) }, "config",
          "direction"),
      ].compactMap { $0 }
  }

  /// Refuses a resumed run of another number of parameters than `--params` would give.
  func checkParameterCount(_ count: Int) throws {
    guard let params, let parameterCount,
      Double(abs(count - parameterCount)) > ModelSizing.coarseTolerance * Double(parameterCount)
    else { return }
    throw OptionError.fixedByRun(
      option: "--params", given: params, stored: Numbers.grouped(count))
  }

  /// The architecture asked for, or that of the trained model that the new one begins with.
  func kind(_ transfer: Transfer?) throws -> any CausalArchitecture.Type {
    let trained = transfer.flatMap { $0.part == .model ? $0.configuration : nil }
    return try architecture.kind(trained.map { type(of: $0.architecture) } ?? LSTMArchitecture.self)
  }

  /// The configuration asked for; the sizes of `automatic`, which is there when none is given, or of
  /// a trained model that the new one begins with.
  ///
  /// `vocabularySize` is asked for only where the width is to be found for a number of parameters.
  func configuration(
    _ automatic: AutomaticPlan?, _ transfer: Transfer?, vocabularySize: () throws -> Int
  ) throws -> ModelConfiguration {
    guard let parameterCount else {
      let configuration = try configuration(
        automatic, transfer, width: nil, oneHotSize: oneHot ? vocabularySize() : nil)
      try configuration.architecture.check()
      return configuration
    }
    let widthName = try kind(transfer).widthName
    if architecture.set.contains(where: { $0.hasPrefix(widthName + "=") }) {
      throw ValidationError("--params chooses the width: leave --set \(widthName) away")
    }
    let oneHotSize = oneHot ? try vocabularySize() : nil
    return try ModelSizing.configuration(
      parameterCount: parameterCount, vocabularySize: vocabularySize(),
      widths: 1...ModelConfiguration.embeddingSizes.upperBound
    ) { try configuration(nil, transfer, width: $0, oneHotSize: oneHotSize) }
  }

  private func configuration(
    _ automatic: AutomaticPlan?, _ transfer: Transfer?, width: Int?, oneHotSize: Int?
  ) throws -> ModelConfiguration {
    let trained = transfer.flatMap { $0.part == .model ? $0.configuration : nil }
    let kind = try kind(transfer)
    var written: [(name: String, value: String)] = []
    if let trained, type(of: trained.architecture) == kind {
      written = trained.architecture.values.written(kind.hyperparameters)
    }
    if let automatic {
      written = automatic.hyperparameters
    }
    written += try self.architecture.written()
    if let width { written.append((kind.widthName, "\(width)")) }
    let values = try Hyperparameters(
      written: written, known: kind.hyperparameters, architecture: kind.name)
    let architecture = kind.init(values)
    let isTied = tied || trained?.isTied == true
    let standard = isTied ? architecture.outputSize : architecture.standardEmbeddingSize
    let embeddingSize =
      oneHotSize ?? embeddingSize ?? transfer?.configuration.embeddingSize ?? standard
    guard ModelConfiguration.embeddingSizes.contains(embeddingSize) else {
      throw OptionError.value(
        option: "--embedding-size", value: "\(embeddingSize)",
        allowed: "from \(ModelConfiguration.embeddingSizes.lowerBound) to "
          + "\(ModelConfiguration.embeddingSizes.upperBound)")
    }
    return ModelConfiguration(
      architecture: architecture, embeddingSize: embeddingSize, isTied: isTied,
      direction: direction?.direction ?? trained?.direction ?? .forward)
  }
}
