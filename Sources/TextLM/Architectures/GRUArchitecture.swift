/// Layers of gated recurrent units on top of each other, with dropout between them.
///
/// The equations, shapes and sources are those of `GRU` and `Stacked`.
public struct GRUArchitecture: CausalArchitecture {
  /// `gru`.
  public static let name = "gru"
  /// Layers, width, dropout and where the reset gate is.
  public static let hyperparameters: [Hyperparameter] = [
    .count("layers", in: 1...64, standard: 2, "GRU layers on top of each other"),
    .count("hidden_size", in: 1...16384, standard: 256, "width H of each layer"),
    .rate("dropout", standard: 0, "part of the units dropped between layers in training"),
    .choice(
      "reset", of: GRU.Reset.allCases.map(\.rawValue), standard: GRU.Reset.after.rawValue,
      "whether the reset gate is after the recurrent product, as in PyTorch, or before it"),
  ]

  /// One layer up to a width of 512, then two.
  public static let automaticSizes = AutomaticSize.recurrentLayers(gateCount: 3)

  /// The values it was made with.
  public let values: Hyperparameters

  /// An architecture of these sizes.
  public init(_ values: Hyperparameters) {
    self.values = values
  }

  private var layerCount: Int { values.count("layers") }
  private var hiddenSize: Int { values.count("hidden_size") }

  private var reset: GRU.Reset { values.choice("reset") == "before" ? .before : .after }

  /// H.
  public var outputSize: Int { hiddenSize }

  /// 3H (I + H + 2) for each layer, I being the width of its input.
  public func parameterCount(inputSize: Int) -> Int {
    3 * hiddenSize * (inputSize + hiddenSize + 2 + (layerCount - 1) * (2 * hiddenSize + 2))
  }

  /// Gates, the recurrence's part of them, output, its dropped copy and the gradient of the output,
  /// for each layer.
  public func activationCount(inputSize: Int) -> Int {
    layerCount * 9 * hiddenSize
  }

  /// Layers with PyTorch's parameter names.
  public func makeEncoder(inputSize: Int, in scope: ParameterScope) throws -> Stacked<GRU> {
    try Stacked(
      layerCount: layerCount, inputSize: inputSize, dropoutRate: Float(values.rate("dropout"))
    ) { index, inputSize in
      try GRU(
        inputSize: inputSize, hiddenSize: hiddenSize, reset: reset, suffix: "l\(index)", in: scope)
    }
  }
}
