/// Residual blocks of causal dilated convolutions.
///
/// The equations, shapes and sources are those of `TemporalConvolutions`.
public struct TCNArchitecture: CausalArchitecture {
  /// `tcn`.
  public static let name = "tcn"
  /// Blocks, width, taps and dropout.
  public static let hyperparameters: [Hyperparameter] = [
    .count("layers", in: 1...16, standard: 6, "blocks, each reaching twice as far back"),
    .count("hidden_size", in: 1...16384, standard: 128, "width of the blocks"),
    .count("kernel_size", in: 2...64, standard: 3, "taps k of each convolution"),
    .rate("dropout", standard: 0, "part of the units dropped after each convolution in training"),
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
  private var size: Int { values.count("hidden_size") }
  private var kernelSize: Int { values.count("kernel_size") }

  /// The width of the blocks.
  public var outputSize: Int { size }

  /// 1 + 2 (k − 1) (2ⁿ − 1).
  public var receptiveField: Int? { 1 + 2 * (kernelSize - 1) * ((1 << layerCount) - 1) }

  /// 8, as a step takes long: over 3,000 steps on tinyshakespeare in two minutes of a core.
  public static let standardBatchSize = 8

  /// C (I k + 2) + C (C k + 2) for each block, and C (I + 1) where I and C differ.
  public func parameterCount(inputSize: Int) -> Int {
    TemporalConvolutions.parameterCount(
      inputSize: inputSize, size: size, layerCount: layerCount, kernelSize: kernelSize)
  }

  /// For each block what its convolutions read with the steps before, their results, these after ReLU
  /// and after dropout, the sum and its ReLU; and the gradients of one block.
  public func activationCount(inputSize: Int) -> Int {
    layerCount * 12 * size + 6 * size + inputSize
  }

  /// Blocks from the one of dilation 1 up.
  public func makeEncoder(
    inputSize: Int, in scope: ParameterScope
  ) throws -> TemporalConvolutions {
    try TemporalConvolutions(
      inputSize: inputSize, size: size, layerCount: layerCount, kernelSize: kernelSize,
      dropoutRate: Float(values.rate("dropout")), in: scope)
  }
}
