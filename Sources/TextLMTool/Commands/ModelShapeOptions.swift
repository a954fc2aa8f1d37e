import ArgumentParser
import TextLM

/// The model to train.
struct ModelShapeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      The architecture: what the model remembers with. One of \(Self.architectures); the default is \
      lstm. `textlm inspect` tells a model's hyperparameters.
      """, valueName: "name"))
  var arch: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Layers on top of each other. More can learn more and take proportionally longer. Without \
      any size both are chosen; with another size the default is the architecture's: 2 for most.
      """, valueName: "n"))
  var layers: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Width of each layer; time and size grow with its square. With another size given: 256.",
      valueName: "n"))
  var hiddenSize: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Choose the width for about so many parameters in all, such as 500K or 5M: within 2 %, for \
      --layers as given or the architecture's standard.
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

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Part of the units dropped between layers in training, from 0 to below 1: against learning \
      by heart, for more steps; without effect in a single layer. Without any size it is chosen; \
      otherwise 0.
      """, valueName: "part"))
  var dropout: Double?

  @Flag(
    help: "Use the embedding as output weights too: fewer parameters, but equal widths needed.")
  var tied = false

  @Flag(
    inversion: .prefixedNo,
    help: """
      Normalize the layers' gates and cells: better after the same time, and steadier in deep stacks \
      and with large rates. Without any size it is on, otherwise off. Batch normalization is not \
      offered: see the documentation.
      """)
  var layerNorm: Bool?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Part of the cell states kept from the step before (zoneout): against learning by heart.",
      valueName: "part"))
  var zoneoutCell: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Part of the outputs kept from the step before (zoneout).", valueName: "part"))
  var zoneoutHidden: Double?

  @Option(
    name: .customLong("init"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      """
      How new parameters begin, where it is not as the layers would have it; repeatable. WHERE is \
      embedding, input, recurrent, output, bias, forget-bias or a pattern of paths; HOW is a number, \
      zeros, uniform:BOUND, normal:DEVIATION, xavier-uniform, xavier-normal, he-uniform, he-normal, \
      lecun-normal, orthogonal, identity, torch, or chrono:STEPS for forget-bias. By default input and \
      output are xavier-uniform, recurrent orthogonal, and forget-bias 1.
      """, valueName: "where=how"))
  var initialize: [String] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Any hyperparameter of the architecture, such as layers=2; repeatable.",
      valueName: "key=value"))
  var set: [String] = []

  /// Whether the sizes are left to us.
  var isAutomatic: Bool {
    layers == nil && hiddenSize == nil && set.isEmpty && params == nil
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
    if hiddenSize != nil {
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
    let hyperparameters = set.compactMap { setting -> FixedOption? in
      let parts = setting.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { return nil }
      return FixedOption(
        "--set \(parts[0])", Double(parts[1]).map { .number($0) } ?? .word(parts[1]), "config",
        "hyperparameters", parts[0])
    }
    return hyperparameters
      + [
        FixedOption("--arch", arch.map { .word($0) }, "config", "architecture"),
        FixedOption(
          "--layers", layers.map { .number(Double($0)) }, "config", "hyperparameters", "layers"),
        FixedOption(
          "--hidden-size", hiddenSize.map { .number(Double($0)) }, "config", "hyperparameters",
          "hidden_size"),
        FixedOption(
          "--embedding-size", embeddingSize.map { .number(Double($0)) }, "config",
          "embedding_size"),
        FixedOption(
          "--dropout", dropout.map { .number($0) }, "config", "hyperparameters", "dropout"),
        FixedOption(
          "--layer-norm", layerNorm.map { .number($0 ? 1 : 0) }, "config", "hyperparameters",
          "layer_norm"),
        FixedOption(
          "--zoneout-cell", zoneoutCell.map { .number($0) }, "config", "hyperparameters",
          "zoneout_cell"),
        FixedOption(
          "--zoneout-hidden", zoneoutHidden.map { .number($0) }, "config", "hyperparameters",
          "zoneout_hidden"),
        FixedOption("--tied", tied ? .flag : nil, "config", "tied"),
      ].compactMap { $0 }
  }

  /// Refuses a resumed run of another number of parameters than `--params` would give.
  func checkParameterCount(_ count: Int) throws {
    guard let params, let parameterCount,
      Double(abs(count - parameterCount)) > ModelSizing.tolerance * Double(parameterCount)
    else { return }
    throw OptionError.fixedByRun(
      option: "--params", given: params, stored: Numbers.grouped(count))
  }

  private static let architectures =
    ArchitectureRegistry.builtIn.all.map { $0.name }.joined(separator: ", ")

  /// The architecture asked for, or that of the trained model that the new one begins with.
  func kind(_ transfer: Transfer?) throws -> any CausalArchitecture.Type {
    let trained = transfer.flatMap { $0.part == .model ? $0.donor.configuration : nil }
    return try ArchitectureRegistry.builtIn.architecture(
      named: arch ?? trained.map { type(of: $0.architecture).name } ?? LSTMArchitecture.name)
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
    if set.contains(where: { $0.hasPrefix(widthName + "=") }) {
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
    let trained = transfer.flatMap { $0.part == .model ? $0.donor.configuration : nil }
    let kind = try kind(transfer)
    var written: [(name: String, value: String)] = []
    if let trained, type(of: trained.architecture) == kind {
      written = trained.architecture.values.written(kind.hyperparameters)
    }
    if let automatic {
      written = automatic.hyperparameters
      if let dropout { written.removeAll { $0.name == "dropout" && dropout >= 0 } }
    }
    if let layers { written.append(("layers", "\(layers)")) }
    if let hiddenSize { written.append(("hidden_size", "\(hiddenSize)")) }
    if let width { written.append((kind.widthName, "\(width)")) }
    if let dropout { written.append(("dropout", "\(dropout)")) }
    if let layerNorm { written.append(("layer_norm", layerNorm ? "1" : "0")) }
    if let zoneoutCell { written.append(("zoneout_cell", "\(zoneoutCell)")) }
    if let zoneoutHidden { written.append(("zoneout_hidden", "\(zoneoutHidden)")) }
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
    let isTied = tied || trained?.isTied == true
    let standard = isTied ? architecture.outputSize : architecture.standardEmbeddingSize
    let embeddingSize =
      oneHotSize ?? embeddingSize ?? transfer?.donor.configuration.embeddingSize ?? standard
    guard ModelConfiguration.embeddingSizes.contains(embeddingSize) else {
      throw OptionError.value(
        option: "--embedding-size", value: "\(embeddingSize)",
        allowed: "from \(ModelConfiguration.embeddingSizes.lowerBound) to "
          + "\(ModelConfiguration.embeddingSizes.upperBound)")
    }
    return ModelConfiguration(
      architecture: architecture, embeddingSize: embeddingSize, isTied: isTied)
  }
}
