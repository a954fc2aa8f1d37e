/// Blocks of RWKV-4 on top of each other.
///
/// The equations, shapes and sources are those of `RWKVBlock` and `ResidualStack`.
public struct RWKVArchitecture: CausalArchitecture {
  /// `rwkv`.
  public static let name = "rwkv"
  /// Blocks, width and dropout.
  public static let hyperparameters: [Hyperparameter] = [
    .count("layers", in: 1...64, standard: 3, "blocks on top of each other"),
    .count("hidden_size", in: 1...16384, standard: 160, "width D of each block"),
    .rate("dropout", standard: 0, "part of the branches' outputs dropped in training"),
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

  /// D.
  public var outputSize: Int { values.count("hidden_size") }

  /// 8: 1.54 nats after two minutes of a core on tinyshakespeare, where 32 give 1.62.
  public static let standardBatchSize = 8

  /// 13D² + 11D for each block, and what comes before and after.
  public func parameterCount(inputSize: Int) -> Int {
    ResidualStack<RWKVBlock>.parameterCount(inputSize: inputSize, width: outputSize)
      + layerCount * RWKVBlock.parameterCount(width: outputSize)
  }

  /// Thirty tensors of the block's width and four of its inner one, inputs, results and gradients of
  /// its operations.
  public func activationCount(inputSize: Int) -> Int {
    layerCount * (30 + 4 * 4) * outputSize + 3 * outputSize
  }

  /// Blocks on each other.
  public func makeEncoder(
    inputSize: Int, in scope: ParameterScope
  ) throws -> ResidualStack<RWKVBlock> {
    try ResidualStack(
      layerCount: layerCount, inputSize: inputSize, width: outputSize, in: scope
    ) { index, scope in
      try RWKVBlock(
        width: outputSize, index: index, layerCount: layerCount,
        dropoutRate: Float(values.rate("dropout")), in: scope)
    }
  }
}
