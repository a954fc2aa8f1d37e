/// Layers of multiplicative long short-term memory on top of each other, with dropout between them.
///
/// The equations, shapes and sources are those of `MultiplicativeLSTM` and `Stacked`.
public struct MultiplicativeLSTMArchitecture: CausalArchitecture {
  /// `mlstm`.
  public static let name = "mlstm"
  /// Layers, width and dropout.
  public static let hyperparameters: [Hyperparameter] = [
    .count("layers", in: 1...64, standard: 1, "layers on top of each other"),
    .count("hidden_size", in: 1...16384, standard: 256, "width H of each layer"),
    .rate("dropout", standard: 0, "part of the units dropped between layers in training"),
  ]

  /// One layer up to a width of 512, then two.
  public static let automaticSizes = AutomaticSize.recurrentLayers(gateCount: 5, rate: 0.5)
  /// Half of an LSTM's: products of inputs and states blow up sooner.
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

  /// H.
  public var outputSize: Int { hiddenSize }

  /// 5H (I + H) + 4H for each layer, I being the width of its input.
  public func parameterCount(inputSize: Int) -> Int {
    let upper = (layerCount - 1) * (10 * hiddenSize + 4)
    return hiddenSize * (5 * (inputSize + hiddenSize) + 4 + upper)
  }

  /// Gates, cell, output, its dropped copy and its gradient, and the factors, their products and
  /// gradients, for each layer.
  public func activationCount(inputSize: Int) -> Int {
    layerCount * 12 * hiddenSize
  }

  /// Layers named as PyTorch names an LSTM's.
  public func makeEncoder(
    inputSize: Int, in scope: ParameterScope
  ) throws -> Stacked<MultiplicativeLSTM> {
    try Stacked(
      layerCount: layerCount, inputSize: inputSize, dropoutRate: Float(values.rate("dropout"))
    ) { index, inputSize in
      try MultiplicativeLSTM(
        inputSize: inputSize, hiddenSize: hiddenSize, suffix: "l\(index)", in: scope)
    }
  }
}
