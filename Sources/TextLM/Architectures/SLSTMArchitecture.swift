/// Blocks of xLSTM with scalar memory on top of each other.
///
/// The equations, shapes and sources are those of `SLSTMBlock` and `ResidualStack`.
public struct SLSTMArchitecture: CausalArchitecture {
  /// `slstm`.
  public static let name = "slstm"
  /// Blocks, width and dropout.
  public static let hyperparameters: [Hyperparameter] = [
    .count("layers", in: 1...64, standard: 1, "blocks on top of each other"),
    .count("hidden_size", in: 1...16384, standard: 256, "width D of each block"),
    .rate("dropout", standard: 0, "part of the branches' outputs dropped in training"),
  ]

  /// The values it was made with.
  public let values: Hyperparameters

  /// An architecture of these sizes.
  public init(_ values: Hyperparameters) {
    self.values = values
  }

  private var layerCount: Int { values.count("layers") }

  /// D.
  public var outputSize: Int { values.count("hidden_size") }

  /// 8D² + 10D and the feed-forward network for each block, and what comes before and after.
  public func parameterCount(inputSize: Int) -> Int {
    ResidualStack<SLSTMBlock>.parameterCount(inputSize: inputSize, width: outputSize)
      + layerCount * SLSTMBlock.parameterCount(width: outputSize)
  }

  /// Gates, means and outputs, inputs, results and gradients of the other operations.
  public func activationCount(inputSize: Int) -> Int {
    layerCount * (18 * outputSize + 6 * SLSTMBlock.innerSize(width: outputSize)) + 3 * outputSize
  }

  /// Blocks on each other.
  public func makeEncoder(
    inputSize: Int, in scope: ParameterScope
  ) throws -> ResidualStack<SLSTMBlock> {
    try ResidualStack(
      layerCount: layerCount, inputSize: inputSize, width: outputSize, in: scope
    ) { _, scope in
      try SLSTMBlock(
        width: outputSize, dropoutRate: Float(values.rate("dropout")), in: scope)
    }
  }
}
