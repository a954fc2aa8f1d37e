/// Gated causal convolutions with residual and skip connections.
///
/// The equations, shapes and sources are those of `WaveNet`.
public struct WaveNetArchitecture: CausalArchitecture {
  /// `wavenet`.
  public static let name = "wavenet"
  /// Layers, widths, dilations, taps and dropout.
  public static let hyperparameters: [Hyperparameter] = [
    .count("layers", in: 1...128, standard: 14, "gated convolutions on top of each other"),
    .count("cycle", in: 1...16, standard: 7, "layers after which the dilation is 1 again"),
    .count("hidden_size", in: 1...16384, standard: 64, "width R of what goes from layer to layer"),
    .count("skip_size", in: 1...16384, standard: 64, "width S of what comes out of all layers"),
    .count("kernel_size", in: 2...64, standard: 2, "taps k of each convolution"),
    .rate("dropout", standard: 0, "part of the units dropped before each layer in training"),
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
  private var skipSize: Int { values.count("skip_size") }
  private var kernelSize: Int { values.count("kernel_size") }

  /// S.
  public var outputSize: Int { skipSize }

  /// 1 + (k − 1) times the sum of the dilations.
  public var receptiveField: Int? {
    let cycle = values.count("cycle")
    let dilations = (0..<layerCount).reduce(0) { $0 + (1 << ($1 % cycle)) }
    return 1 + (kernelSize - 1) * dilations
  }

  /// 8: 1.735 nats after two minutes of a core on tinyshakespeare, where 32 give 1.77.
  public static let standardBatchSize = 8

  /// 2R (R k + 1) + R (R + 1) + S (R + 1) for each layer, without the last residual matrix, and
  /// S (S + 1) for the output.
  public func parameterCount(inputSize: Int) -> Int {
    WaveNet.parameterCount(
      inputSize: inputSize, size: size, skipSize: skipSize, layerCount: layerCount,
      kernelSize: kernelSize)
  }

  /// For each layer what it reads with the steps before, filter and gate, these apart and activated,
  /// their product, the residual and its sum; and the sum of what is skipped.
  public func activationCount(inputSize: Int) -> Int {
    layerCount * (12 * size + 2 * skipSize) + 8 * size + 4 * skipSize + inputSize
  }

  /// Layers from the bottom up.
  public func makeEncoder(inputSize: Int, in scope: ParameterScope) throws -> WaveNet {
    try WaveNet(
      inputSize: inputSize, size: size, skipSize: skipSize, layerCount: layerCount,
      cycle: values.count("cycle"), kernelSize: kernelSize,
      dropoutRate: Float(values.rate("dropout")), in: scope)
  }
}
