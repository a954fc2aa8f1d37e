/// The kind and the sizes of an encoder, and how to build it.
///
/// An architecture is one file that says everything about it, and one line in
/// `ArchitectureRegistry.builtIn`.
public protocol Architecture: Sendable, Equatable {
  /// What it builds.
  associatedtype Encoder: SequenceEncoder
  /// The name by which `--arch` and model files know it.
  static var name: String { get }
  /// All that it can be told.
  static var hyperparameters: [Hyperparameter] { get }

  /// Refuses values that are allowed one by one but not together, such as a width that its heads do
  /// not divide. The standard accepts all.
  static func validate(_ values: Hyperparameters) throws(ArchitectureError)

  /// The architecture with these values of its hyperparameters, which must be valid together.
  init(_ values: Hyperparameters)
  /// The values it was made with.
  var values: Hyperparameters { get }

  /// The number of parameters of the encoder, without building it.
  func parameterCount(inputSize: Int) -> Int
  /// Floats that a training pass keeps for each token until its gradient has been computed.
  func activationCount(inputSize: Int) -> Int
  /// Builds the encoder for inputs of width `inputSize`.
  func makeEncoder(inputSize: Int, in scope: ParameterScope) throws -> Encoder
}

extension Architecture {
  /// Accepts all.
  public static func validate(_ values: Hyperparameters) throws(ArchitectureError) {}

  /// Refuses values that are not valid together.
  public func check() throws(ArchitectureError) { try Self.validate(values) }

  /// The architecture with written values, as of `--set`, checked one by one and together.
  public init(written: [(name: String, value: String)]) throws(ArchitectureError) {
    let values = try Hyperparameters(
      written: written, known: Self.hyperparameters, architecture: Self.name)
    try Self.validate(values)
    self.init(values)
  }

  /// The architecture with the values of a model file's `hyperparameters` object, checked likewise.
  public init(stored: JSONField) throws {
    let values = try Hyperparameters(
      stored: stored, known: Self.hyperparameters, architecture: Self.name)
    try Self.validate(values)
    self.init(values)
  }
}

/// An architecture whose encoder can stream, and so can model and generate text.
public protocol CausalArchitecture: Architecture where Encoder: CausalEncoder {
  /// Width of the encoder's output.
  var outputSize: Int { get }
  /// Width of the embedding when none is given.
  var standardEmbeddingSize: Int { get }
  /// Standard deviation of a language model's first embedding and output weights; nil for what suits most.
  var firstDeviation: Double? { get }
  /// The greatest learning rate when none is given.
  var standardLearningRate: Double { get }
  /// The steps that an output depends on, with its own; nil where the state may remember for ever.
  ///
  /// Training on a text that is shorter is refused.
  var receptiveField: Int? { get }
  /// Whether windows of `sequenceLength` steps, read as if nothing came before them, teach it all
  /// that it can use; training then reads them in a random order.
  func learnsFromLoneWindows(sequenceLength: Int) -> Bool
  /// Whether it multiplies its state with weights, which weight drop is for.
  static var hasRecurrentWeights: Bool { get }
  /// Rows of a batch when none are given and the text is not short: fewer where a step takes long, for
  /// as many steps in the same time.
  static var standardBatchSize: Int { get }
  /// Dropout between layers that is chosen where few epochs would need none.
  static var leastDropout: Double { get }
  /// The hyperparameter that `--params` chooses.
  static var widthName: String { get }
  /// The sizes among which `AutomaticPlan` and `AutomaticNetworkPlan` choose, the smallest first.
  static var automaticSizes: [AutomaticSize] { get }
}

extension CausalArchitecture {
  /// The width of the output, but no more than 256: few symbols need no more.
  public var standardEmbeddingSize: Int { min(256, outputSize) }
  /// None: 1 for an embedding, 1/√E for a tied one, and Glorot's weights for an output.
  public var firstDeviation: Double? { nil }
  /// That of `AutomaticPlan` for the output's width.
  public var standardLearningRate: Double { AutomaticPlan.learningRate(hiddenSize: outputSize) }
  /// None.
  public var receptiveField: Int? { nil }
  /// They do not: what comes before always matters.
  public func learnsFromLoneWindows(sequenceLength: Int) -> Bool { false }
  /// It does.
  public static var hasRecurrentWeights: Bool { true }
  /// 32.
  public static var standardBatchSize: Int { 32 }
  /// 0.1.
  public static var leastDropout: Double { 0.1 }
  /// `hidden_size`.
  public static var widthName: String { "hidden_size" }
  /// Widths from 64 to 768 with everything else standard.
  public static var automaticSizes: [AutomaticSize] {
    AutomaticSize.widths(of: Self.self, [64, 96, 128, 192, 256, 384, 512, 768])
  }
}

extension CausalArchitecture {
  /// The hyperparameters that say how large it is: those that plans choose, and the layers.
  public static var sizeNames: Set<String> {
    Set(["layers", widthName] + automaticSizes.flatMap { $0.hyperparameters.map(\.name) })
  }

  /// The greatest learning rate of a classifier when none is given: a language model's, but no more than 5 · 10⁻⁴
  /// for what looks back through a window, whose outputs have no bound: more, and the loss of whole texts trembles.
  public var classifierLearningRate: Double {
    receptiveField == nil ? standardLearningRate : min(standardLearningRate, 5e-4)
  }

  /// How training cuts a text into windows of `sequenceLength` steps when it is not told.
  public func standardWindows(sequenceLength: Int) -> WindowRule {
    WindowRule(
      isOffsetRandom: true,
      isShuffled: learnsFromLoneWindows(sequenceLength: sequenceLength))
  }

  /// A language model with this encoder; the existential is opened here, once.
  func makeLanguageModel(
    _ configuration: ModelConfiguration, vocabularySize: Int, from source: any ParameterSource
  ) throws -> any LanguageModel {
    try CausalLanguageModel(
      architecture: self, configuration: configuration, vocabularySize: vocabularySize,
      from: source)
  }
}
