/// Layers of mogrifier LSTM on top of each other, with dropout between them.
///
/// The equations, shapes and sources are those of `MogrifierLSTM` and `Stacked`.
public struct MogrifierArchitecture: CausalArchitecture {
  /// `mogrifier`.
  public static let name = "mogrifier"
  /// Layers, width, rounds, their rank and dropout.
  public static let hyperparameters: [Hyperparameter] = [
    .count("layers", in: 1...64, standard: 1, "layers on top of each other"),
    .count("hidden_size", in: 1...16384, standard: 256, "width H of each layer"),
    .count("rounds", in: 1...16, standard: 4, "times that input and state scale each other"),
    .count(
      "rank", in: 0...4096, standard: 0,
      "rank of the matrices that scale, fewer parameters than 0, which is full"),
    .rate("dropout", standard: 0, "part of the units dropped between layers in training"),
  ]

  /// The values it was made with.
  public let values: Hyperparameters

  /// An architecture of these sizes.
  public init(_ values: Hyperparameters) {
    self.values = values
  }

  private var layerCount: Int { values.count("layers") }
  private var hiddenSize: Int { values.count("hidden_size") }
  private var roundCount: Int { values.count("rounds") }
  private var rank: Int { values.count("rank") }

  /// H.
  public var outputSize: Int { hiddenSize }

  /// An LSTM's with one bias, and the rounds', for each layer.
  public func parameterCount(inputSize: Int) -> Int {
    func layer(_ inputSize: Int) -> Int {
      MogrifierLSTM.parameterCount(
        inputSize: inputSize, hiddenSize: hiddenSize, roundCount: roundCount, rank: rank)
    }
    return layer(inputSize) + (layerCount - 1) * layer(hiddenSize)
  }

  /// Gates, cell, output, its dropped copy and its gradient, and what the rounds leave, for each
  /// layer.
  public func activationCount(inputSize: Int) -> Int {
    layerCount * (8 + 2 * roundCount) * max(hiddenSize, inputSize)
  }

  /// The layers.
  public func makeEncoder(
    inputSize: Int, in scope: ParameterScope
  ) throws -> Stacked<MogrifierLSTM> {
    try Stacked(
      layerCount: layerCount, inputSize: inputSize, dropoutRate: Float(values.rate("dropout"))
    ) { index, inputSize in
      try MogrifierLSTM(
        inputSize: inputSize, hiddenSize: hiddenSize, roundCount: roundCount, rank: rank,
        suffix: "l\(index)", in: scope)
    }
  }
}
