/// Causal self-attention in blocks on top of each other.
///
/// The equations, shapes and sources are those of `Transformer`.
public struct TransformerArchitecture: CausalArchitecture {
  /// `transformer`.
  public static let name = "transformer"
  /// Layers, width, heads, window, positions and dropout.
  public static let hyperparameters: [Hyperparameter] = [
    .count("layers", in: 1...64, standard: 4, "blocks on top of each other"),
    .count("hidden_size", in: 1...16384, standard: 128, "width D of the blocks"),
    .count("heads", in: 1...256, standard: 4, "heads that each block's attention has"),
    .count("context", in: 1...65536, standard: 64, "steps that a block sees, itself included"),
    .choice(
      "positions", of: ["rotary", "absolute"], standard: "rotary",
      "rotary turns by angles, in a sliding window; absolute learns a vector for each place of a "
        + "stretch of context characters that knows nothing of those before"),
    .rate("dropout", standard: 0, "part of the units and of the attention dropped in training"),
  ]

  /// Refuses heads that do not divide the width.
  public static func validate(_ values: Hyperparameters) throws(ArchitectureError) {
    let (size, heads) = (values.count("hidden_size"), values.count("heads"))
    guard size.isMultiple(of: heads) else {
      throw .combination(
        architecture: name,
        problem: "heads is \(heads), which does not divide hidden_size, \(size): make hidden_size "
          + "\((size / heads + 1) * heads)")
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
  private var size: Int { values.count("hidden_size") }
  private var context: Int { values.count("context") }
  private var positions: Transformer.Positions {
    values.choice("positions") == "absolute" ? .absolute : .rotary
  }

  /// D.
  public var outputSize: Int { size }

  /// D, as what blocks add to is the embedding itself.
  public var standardEmbeddingSize: Int { size }
  /// 0.02 as in GPT-2: as small as the vectors of absolute positions, which are added to the embedding,
  /// and as the blocks' weights, so that what blocks add soon counts; and for outputs of size 1, which
  /// the last normalization gives, small enough that an untrained model is undecided.
  public var firstDeviation: Double? { 0.02 }
  /// 2 · 10⁻³, less for wide blocks.
  public var standardLearningRate: Double { Self.learningRate(size: size) }
  /// layers · (context − 1) steps and the present one; a stretch, where positions are absolute.
  public var receptiveField: Int? {
    positions == .absolute ? context : layerCount * (context - 1) + 1
  }
  /// Windows in a random order teach more than consecutive ones, which are alike, unless a step is to
  /// see farther back than a window: on tinyshakespeare, in 2,000 steps of 12 windows of 64, the
  /// validation loss is 1.757 instead of 1.808 nats. Absolute positions never see farther.
  public func learnsFromLoneWindows(sequenceLength: Int) -> Bool {
    positions == .absolute || context <= sequenceLength
  }
  /// 8, near what learned most in two minutes of a core on tinyshakespeare: 6 rows give 1.759 nats, 12 give
  /// 1.787 and 32 give 1.858.
  public static let standardBatchSize = 8
  /// None: in a few epochs it learns too little, not too much.
  public static let leastDropout = 0.0
  /// Four blocks up to a width of 256, then six.
  public static let automaticSizes = [
    (4, 64), (4, 96), (4, 128), (4, 192), (4, 256), (6, 256), (6, 384), (6, 512),
  ].map { layers, size in
    AutomaticSize(
      [("layers", "\(layers)"), ("hidden_size", "\(size)")], layerCount: layers,
      weightCount: 12 * layers * size * size, fewestEpochs: 1,
      learningRate: learningRate(size: size))
  }

  private static func learningRate(size: Int) -> Double { size > 256 ? 1e-3 : 2e-3 }

  /// 12D² + 13D for each block, 2D for the last normalization, context · D for absolute positions, and
  /// D · I for an input of another width I.
  public func parameterCount(inputSize: Int) -> Int {
    layerCount * (12 * size * size + 13 * size) + 2 * size
      + (positions == .absolute ? context * size : 0)
      + (inputSize == size ? 0 : size * inputSize)
  }

  /// For each block two normalizations of two copies, queries, keys and values, what attention reads,
  /// two results and two sums, and twice 4D; keys and values of a window before and after; and what
  /// gradients of one block need meanwhile.
  public func activationCount(inputSize: Int) -> Int {
    layerCount * 24 * size + 16 * size
  }

  /// Blocks with nanoGPT's parameter names.
  public func makeEncoder(inputSize: Int, in scope: ParameterScope) throws -> Transformer {
    try Transformer(
      inputSize: inputSize, size: size, layerCount: layerCount, headCount: values.count("heads"),
      context: context, positions: positions, dropoutRate: Float(values.rate("dropout")), in: scope)
  }
}
