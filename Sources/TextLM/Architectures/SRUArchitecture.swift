/// Layers of simple recurrent units on top of each other, with dropout between them.
///
/// The equations, shapes and sources are those of `SRU` and `Stacked`.
public struct SRUArchitecture: CausalArchitecture {
  /// `sru`.
  public static let name = "sru"
  /// Layers, width and dropout.
  public static let hyperparameters: [Hyperparameter] = [
    .count("layers", in: 1...64, standard: 4, "layers on top of each other"),
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

  /// 3HI + 4H for each layer, I being the width of its input, and HI where I is not H.
  public func parameterCount(inputSize: Int) -> Int {
    hiddenSize
      * ((inputSize == hiddenSize ? 3 : 4) * inputSize + 4 + (layerCount - 1)
        * (3 * hiddenSize + 4))
  }

  /// Gates, cell, output, its dropped copy, what is passed on and the gradients of both, for each
  /// layer.
  public func activationCount(inputSize: Int) -> Int {
    layerCount * 9 * hiddenSize + hiddenSize
  }

  /// The layers.
  public func makeEncoder(inputSize: Int, in scope: ParameterScope) throws -> Stacked<SRU> {
    try Stacked(
      layerCount: layerCount, inputSize: inputSize, dropoutRate: Float(values.rate("dropout"))
    ) { index, inputSize in
      try SRU(inputSize: inputSize, hiddenSize: hiddenSize, suffix: "l\(index)", in: scope)
    }
  }
}
