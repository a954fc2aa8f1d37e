/// Layers of long short-term memory on top of each other, with dropout between them.
///
/// The equations, shapes and sources are those of `LSTM` and `Stacked`.
public struct LSTMArchitecture: CausalArchitecture {
  /// `lstm`.
  public static let name = "lstm"
  /// Layers, width, dropout, normalization and zoneout.
  public static let hyperparameters: [Hyperparameter] = [
    .count("layers", in: 1...64, standard: 2, "LSTM layers on top of each other"),
    .count("hidden_size", in: 1...16384, standard: 256, "width H of each layer"),
    .rate("dropout", standard: 0, "part of the units dropped between layers in training"),
    .count(
      "layer_norm", in: 0...1, standard: 0,
      "1 normalizes gates and cell: steadier in deep stacks, slower"),
    .rate("zoneout_cell", standard: 0, "part of the cell states kept from the step before"),
    .rate("zoneout_hidden", standard: 0, "part of the outputs kept from the step before"),
  ]

  /// The values it was made with.
  public let values: Hyperparameters

  /// An architecture of these sizes.
  public init(_ values: Hyperparameters) {
    self.values = values
  }

  private var layerCount: Int { values.count("layers") }
  private var hiddenSize: Int { values.count("hidden_size") }

  /// H.
  public var outputSize: Int { hiddenSize }

  private var isNormalized: Bool { values.count("layer_norm") == 1 }
  private var zoneout: LSTM.Zoneout {
    LSTM.Zoneout(
      cell: Float(values.rate("zoneout_cell")), hidden: Float(values.rate("zoneout_hidden")))
  }

  /// One layer up to a width of 512, then two.
  ///
  /// What a wider or a second layer can do beyond a single one of 384 it learns later than that one
  /// learns its own.
  public static let automaticSizes = AutomaticSize.recurrentLayers(gateCount: 4)

  /// 4H (I + H + 2) for each layer, I being the width of its input, and 10H where normalized.
  public func parameterCount(inputSize: Int) -> Int {
    let gates = 4 * hiddenSize
    return gates * (inputSize + hiddenSize + 2)
      + (layerCount - 1) * gates * (2 * hiddenSize + 2)
      + (isNormalized ? layerCount * 10 * hiddenSize : 0)
  }

  /// Gates, cell, output, its dropped copy and the gradient of the output, for each layer; with
  /// normalization or zoneout the recurrence's part of the gates too, and with normalization the
  /// input's.
  public func activationCount(inputSize: Int) -> Int {
    let keepsParts = isNormalized || zoneout != .none
    return layerCount * (8 + (keepsParts ? 4 : 0) + (isNormalized ? 4 : 0)) * hiddenSize
  }

  /// Layers with PyTorch's parameter names.
  public func makeEncoder(inputSize: Int, in scope: ParameterScope) throws -> Stacked<LSTM> {
    try Stacked(
      layerCount: layerCount, inputSize: inputSize, dropoutRate: Float(values.rate("dropout"))
    ) { index, inputSize in
      try LSTM(
        inputSize: inputSize, hiddenSize: hiddenSize, suffix: "l\(index)",
        isNormalized: isNormalized, zoneout: zoneout, in: scope)
    }
  }
}
