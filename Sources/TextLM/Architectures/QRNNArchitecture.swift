/// Quasi-recurrent layers on top of each other, with dropout between them.
///
/// The equations, shapes and sources are those of `QRNN` and `Stacked`. The bottom layer sees two
/// inputs at a time, the others one.
public struct QRNNArchitecture: CausalArchitecture {
  /// `qrnn`.
  public static let name = "qrnn"
  /// Layers, width and dropout.
  public static let hyperparameters: [Hyperparameter] = [
    .count("layers", in: 1...64, standard: 3, "layers on top of each other"),
    .count("hidden_size", in: 1...16384, standard: 256, "width H of each layer"),
    .rate("dropout", standard: 0, "part of the units dropped between layers in training"),
  ]
  /// Nothing of its state is multiplied with weights.
  public static let hasRecurrentWeights = false

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

  /// 3H (wI + 1) for each layer, w being its window and I the width of its input.
  public func parameterCount(inputSize: Int) -> Int {
    3 * hiddenSize * (2 * inputSize + 1 + (layerCount - 1) * (hiddenSize + 1))
  }

  /// Gates, cell, output, its dropped copy and its gradient for each layer, and the bottom layer's
  /// inputs.
  public func activationCount(inputSize: Int) -> Int {
    layerCount * 7 * hiddenSize + 4 * inputSize
  }

  /// The layers.
  public func makeEncoder(inputSize: Int, in scope: ParameterScope) throws -> Stacked<QRNN> {
    try Stacked(
      layerCount: layerCount, inputSize: inputSize, dropoutRate: Float(values.rate("dropout"))
    ) { index, inputSize in
      try QRNN(
        inputSize: inputSize, hiddenSize: hiddenSize, window: index == 0 ? 2 : 1,
        suffix: "l\(index)", in: scope)
    }
  }
}
