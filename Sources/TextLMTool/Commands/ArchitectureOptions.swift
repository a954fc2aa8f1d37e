import ArgumentParser
import TextLM

/// What a model remembers with, and how large that is.
struct ArchitectureOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      The architecture: what the model remembers with. One of \(Self.architectures); the default is \
      lstm. `train` also has ngram, which counts instead. What it can be told besides is listed when --set is given something that it has not.
      """, valueName: "name"))
  var arch: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Layers on top of each other. More can learn more and take proportionally longer. Without \
      any size they are chosen; with another size the default is the architecture's: 2 for lstm.
      """, valueName: "n"))
  var layers: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Width of each layer; time and size grow with its square. With another size given the \
      architecture's: 256 for lstm.
      """, valueName: "n"))
  var hiddenSize: Int?

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
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Any hyperparameter of the architecture, such as layers=2; repeatable.",
      valueName: "key=value"))
  var set: [String] = []

  private static let architectures =
    ArchitectureRegistry.builtIn.all.map { $0.name }.joined(separator: ", ")

  /// Whether something is said of the sizes.
  var hasSizes: Bool { layers != nil || hiddenSize != nil || !set.isEmpty }

  /// The architecture asked for; `standard` where none is.
  func kind(
    _ standard: any CausalArchitecture.Type = LSTMArchitecture.self
  ) throws -> any CausalArchitecture.Type {
    guard let arch else { return standard }
    return try ArchitectureRegistry.builtIn.architecture(named: arch)
  }

  /// The hyperparameters asked for, the last of several for one name being the one that counts.
  func written() throws -> [(name: String, value: String)] {
    var written: [(name: String, value: String)] = []
    if let layers { written.append(("layers", "\(layers)")) }
    if let hiddenSize { written.append(("hidden_size", "\(hiddenSize)")) }
    if let dropout { written.append(("dropout", "\(dropout)")) }
    if let layerNorm { written.append(("layer_norm", layerNorm ? "1" : "0")) }
    if let zoneoutCell { written.append(("zoneout_cell", "\(zoneoutCell)")) }
    if let zoneoutHidden { written.append(("zoneout_hidden", "\(zoneoutHidden)")) }
    return try written + KeyValue.parse(set, option: "--set")
  }

  /// What a resumed run has decided already.
  var fixed: [FixedOption] {
    KeyValue.fixed(set, option: "--set", "config", "hyperparameters")
      + [
        FixedOption("--arch", arch.map { .word($0) }, "config", "architecture"),
        FixedOption(
          "--layers", layers.map { .number(Double($0)) }, "config", "hyperparameters", "layers"),
        FixedOption(
          "--hidden-size", hiddenSize.map { .number(Double($0)) }, "config", "hyperparameters",
          "hidden_size"),
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
      ].compactMap { $0 }
  }
}
