/// Layers of Elman's recurrent network on top of each other, with dropout between them.
///
/// The equations, shapes and sources are those of `RNN` and `Stacked`.
public struct RNNArchitecture: CausalArchitecture {
  /// `rnn`.
  public static let name = "rnn"
  /// Layers, width, dropout and nonlinearity.
  public static let hyperparameters: [Hyperparameter] = [
    .count("layers", in: 1...64, standard: 2, "layers on top of each other"),
    .count("hidden_size", in: 1...16384, standard: 256, "width H of each layer"),
    .rate("dropout", standard: 0, "part of the units dropped between layers in training"),
    .choice(
      "nonlinearity", of: Nonlinearity.allCases.map(\.rawValue),
      standard: Nonlinearity.tanh.rawValue, "what follows the sums: tanh, or max(x, 0)"),
  ]

  /// One layer up to a width of 512, then two.
  public static let automaticSizes = AutomaticSize.recurrentLayers(gateCount: 1, rate: 0.5)
  /// Half of an LSTM's: with larger steps the recurrence saturates.
  public var standardLearningRate: Double {
    0.5 * AutomaticPlan.learningRate(hiddenSize: hiddenSize)
  }

  /// The values it was made with.
  public let values: Hyperparameters

  /// An architecture of these sizes.
  public init(_ values: Hyperparameters) {
    self.values = values
  }

  private var layerCount: Int { values.count("layers") }
  private var hiddenSize: Int { values.count("hidden_size") }

  private var nonlinearity: Nonlinearity {
    values.choice("nonlinearity") == Nonlinearity.relu.rawValue ? .relu : .tanh
  }

  /// H.
  public var outputSize: Int { hiddenSize }

  /// H (I + H + 2) for each layer, I being the width of its input.
  public func parameterCount(inputSize: Int) -> Int {
    hiddenSize * (inputSize + hiddenSize + 2 + (layerCount - 1) * (2 * hiddenSize + 2))
  }

  /// Output, its dropped copy, the gradient of the output and that of the pre-activations, for each
  /// layer.
  public func activationCount(inputSize: Int) -> Int {
    layerCount * 4 * hiddenSize
  }

  /// Layers with PyTorch's parameter names.
  public func makeEncoder(inputSize: Int, in scope: ParameterScope) throws -> Stacked<RNN> {
    try Stacked(
      layerCount: layerCount, inputSize: inputSize, dropoutRate: Float(values.rate("dropout"))
    ) { index, inputSize in
      try RNN(
        inputSize: inputSize, hiddenSize: hiddenSize, nonlinearity: nonlinearity,
        suffix: "l\(index)", in: scope)
    }
  }
}
