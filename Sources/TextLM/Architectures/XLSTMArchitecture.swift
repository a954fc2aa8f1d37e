/// Blocks of xLSTM with matrix memory on top of each other.
///
/// The equations, shapes and sources are those of `MLSTMBlock` and `ResidualStack`.
public struct XLSTMArchitecture: CausalArchitecture {
  /// `xlstm`.
  public static let name = "xlstm"
  /// Blocks, width, heads and dropout.
  public static let hyperparameters: [Hyperparameter] = [
    .count("layers", in: 1...64, standard: 4, "blocks on top of each other"),
    .count("hidden_size", in: 1...8192, standard: 96, "width D of each block"),
    .count("heads", in: 1...64, standard: 4, "parts of the matrix memory, which must divide 2D"),
    .rate("dropout", standard: 0, "part of the blocks' outputs dropped in training"),
  ]

  /// Refuses heads that do not divide the inner width 2D.
  public static func validate(_ values: Hyperparameters) throws(ArchitectureError) {
    let (width, headCount) = (2 * values.count("hidden_size"), values.count("heads"))
    guard width.isMultiple(of: headCount) else {
      throw .combination(
        architecture: name,
        problem: "heads is \(headCount), which does not divide twice the hidden_size, \(width)")
    }
  }
  /// Nothing of its state is multiplied with weights.
  public static let hasRecurrentWeights = false

  /// The values it was made with.
  public let values: Hyperparameters

  /// An architecture of these sizes.
  public init(_ values: Hyperparameters) {
    self.values = values
  }

  private var layerCount: Int { values.count("layers") }
  private var headCount: Int { values.count("heads") }

  /// D.
  public var outputSize: Int { values.count("hidden_size") }

  /// 6D² + 40D + 12DN + 2N for each block of N heads, and what comes before and after.
  public func parameterCount(inputSize: Int) -> Int {
    ResidualStack<MLSTMBlock>.parameterCount(inputSize: inputSize, width: outputSize) + layerCount
      * MLSTMBlock.parameterCount(width: outputSize, headCount: headCount)
  }

  /// About forty tensors of the block's width, and the matrices, which are kept every 48 steps and at the
  /// end: once in 32 steps of a window of 64.
  public func activationCount(inputSize: Int) -> Int {
    layerCount * (40 * outputSize + 4 * outputSize * outputSize / (32 * headCount))
      + 3 * outputSize
  }

  /// Blocks on each other.
  public func makeEncoder(
    inputSize: Int, in scope: ParameterScope
  ) throws -> ResidualStack<MLSTMBlock> {
    try ResidualStack(
      layerCount: layerCount, inputSize: inputSize, width: outputSize, in: scope
    ) { _, scope in
      try MLSTMBlock(
        width: outputSize, headCount: headCount, layerCount: layerCount,
        dropoutRate: Float(values.rate("dropout")), in: scope)
    }
  }
}
