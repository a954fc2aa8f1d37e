/// Residual blocks around minimal gated recurrent units.
///
/// The equations, shapes and sources are those of `MinimalBlock` and `ResidualStack`.
public struct MinimalGRUArchitecture: CausalArchitecture {
  /// `min-gru`.
  public static let name = "min-gru"
  /// Blocks, width, expansion and dropout.
  public static let hyperparameters = MinimalSizes.hyperparameters
  /// Nothing of its state is multiplied with weights.
  public static let hasRecurrentWeights = false

  /// The values it was made with.
  public let values: Hyperparameters

  /// An architecture of these sizes.
  public init(_ values: Hyperparameters) {
    self.values = values
  }

  private var sizes: MinimalSizes { MinimalSizes(kind: .gru, values) }

  /// The blocks' width.
  public var outputSize: Int { sizes.width }

  /// 3eD² + 8D² + 12D for each block, e being the expansion, and what comes before and after.
  public func parameterCount(inputSize: Int) -> Int { sizes.parameterCount(inputSize: inputSize) }

  /// Inputs and results of each operation of a block, and their gradients.
  public func activationCount(inputSize: Int) -> Int { sizes.activationCount }

  /// Blocks on each other.
  public func makeEncoder(
    inputSize: Int, in scope: ParameterScope
  ) throws -> ResidualStack<MinimalBlock> {
    try sizes.makeEncoder(inputSize: inputSize, in: scope)
  }
}

/// Residual blocks around minimal long short-term memory.
///
/// The equations, shapes and sources are those of `MinimalBlock` and `ResidualStack`.
public struct MinimalLSTMArchitecture: CausalArchitecture {
  /// `min-lstm`.
  public static let name = "min-lstm"
  /// Blocks, width, expansion and dropout.
  public static let hyperparameters = MinimalSizes.hyperparameters
  /// Nothing of its state is multiplied with weights.
  public static let hasRecurrentWeights = false

  /// The values it was made with.
  public let values: Hyperparameters

  /// An architecture of these sizes.
  public init(_ values: Hyperparameters) {
    self.values = values
  }

  private var sizes: MinimalSizes { MinimalSizes(kind: .lstm, values) }

  /// The blocks' width.
  public var outputSize: Int { sizes.width }

  /// 4eD² + 8D² + 12D for each block, e being the expansion, and what comes before and after.
  public func parameterCount(inputSize: Int) -> Int { sizes.parameterCount(inputSize: inputSize) }

  /// Inputs and results of each operation of a block, and their gradients.
  public func activationCount(inputSize: Int) -> Int { sizes.activationCount }

  /// Blocks on each other.
  public func makeEncoder(
    inputSize: Int, in scope: ParameterScope
  ) throws -> ResidualStack<MinimalBlock> {
    try sizes.makeEncoder(inputSize: inputSize, in: scope)
  }
}

/// What both have in common.
struct MinimalSizes {
  static let hyperparameters: [Hyperparameter] = [
    .count("layers", in: 1...64, standard: 3, "blocks on top of each other"),
    .count("hidden_size", in: 1...16384, standard: 192, "width D of each block"),
    .count("expansion", in: 1...8, standard: 2, "width of the recurrence, as so many times D"),
    .rate("dropout", standard: 0, "part of the branches' outputs dropped in training"),
  ]

  let kind: MinimalRecurrence.Kind
  let width: Int
  private let values: Hyperparameters

  init(kind: MinimalRecurrence.Kind, _ values: Hyperparameters) {
    self.kind = kind
    self.values = values
    width = values.count("hidden_size")
  }

  private var layerCount: Int { values.count("layers") }
  private var expansion: Int { values.count("expansion") }

  func parameterCount(inputSize: Int) -> Int {
    ResidualStack<MinimalBlock>.parameterCount(inputSize: inputSize, width: width) + layerCount
      * MinimalBlock.parameterCount(kind, width: width, expansion: expansion)
  }

  /// Ten tensors of the block's width, gates, states and their gradient, and three of the
  /// feed-forward network's inner width.
  var activationCount: Int {
    let inside = (kind.gateCount + 2) * expansion + 3 * MinimalBlock.feedForwardFactor
    return layerCount * (10 + inside) * width + 3 * width
  }

  func makeEncoder(
    inputSize: Int, in scope: ParameterScope
  ) throws -> ResidualStack<MinimalBlock> {
    try ResidualStack(
      layerCount: layerCount, inputSize: inputSize, width: width, in: scope
    ) { _, scope in
      try MinimalBlock(
        kind, width: width, expansion: expansion, dropoutRate: Float(values.rate("dropout")),
        in: scope)
    }
  }
}
