import ArgumentParser
import TextLM

/// The model to train.
struct ModelShapeOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The architecture: lstm, which is the default.", valueName: "name"))
  var arch: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Layers on top of each other. More can learn more and take proportionally longer. Without \
      any size both are chosen; with another size the default is 2.
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
      Width of the vectors that stand for characters; the default is --hidden-size, at most 256 \
      unless --tied.
      """, valueName: "n"))
  var embeddingSize: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Part of the units dropped between layers in training, from 0 to below 1: against learning \
      by heart, for more steps. Without any size it is chosen; otherwise 0.
      """, valueName: "part"))
  var dropout: Double?

  @Flag(
    help: "Use the embedding as output weights too: fewer parameters, but equal widths needed.")
  var tied = false

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Any hyperparameter of the architecture, such as layers=2; repeatable.",
      valueName: "key=value"))
  var set: [String] = []

  /// Whether the sizes are left to us.
  var isAutomatic: Bool { layers == nil && hiddenSize == nil && set.isEmpty && arch == nil }

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
        FixedOption("--tied", tied ? .flag : nil, "config", "tied"),
      ].compactMap { $0 }
  }

  /// The configuration asked for; the sizes of `automatic`, which is there when none is given.
  func configuration(_ automatic: AutomaticPlan?) throws -> ModelConfiguration {
    let kind = try ArchitectureRegistry.builtIn.architecture(named: arch ?? "lstm")
    var written: [(name: String, value: String)] = []
    if let automatic {
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
