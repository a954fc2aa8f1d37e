/// Everything about a neural classifier but its tokenizer and its weights.
///
/// Tokens go through an embedding into one encoder or two, whose outputs become one vector of the text by
/// a `TextPooling`, of which a linear map makes the classes' logits.
public struct NeuralClassifierConfiguration: Sendable {
  /// What texts are told apart by.
  public let labels: LabelSet
  /// The architecture and the sizes of each encoder.
  public let architecture: any CausalArchitecture
  /// E, the width of the embedding.
  public let embeddingSize: Int
  /// From which ends a text is read.
  public let sides: ReadingSides
  /// How outputs become one vector.
  public let pooling: TextPooling
  /// A, the units that attention is computed by; unused by other poolings.
  public let attentionSize: Int
  /// The part of a text's vector that is dropped in training.
  public let dropout: Double
  /// ε, the part of the truth that is spread evenly over all classes in training.
  public let labelSmoothing: Double

  /// The widths that an attention may have.
  public static let attentionSizes = 1...4096

  /// A configuration of these parts.
  ///
  /// - Parameters:
  ///   - embeddingSize: nil for the architecture's standard.
  ///   - dropout: More of it keeps small sets from being learned by heart. From 0 to below 1.
  ///   - labelSmoothing: From 0 to below 1; makes probabilities less sure.
  /// - Throws: `NeuralClassifierError.setting` for numbers that are out of range, and `.tooFewLabels`
  ///   where there is nothing to tell apart.
  public init(
    labels: LabelSet, architecture: any CausalArchitecture, embeddingSize: Int? = nil,
    sides: ReadingSides = .both, pooling: TextPooling = .joined, attentionSize: Int = 64,
    dropout: Double = 0.5, labelSmoothing: Double = 0
  ) throws(NeuralClassifierError) {
    let embeddingSize = embeddingSize ?? architecture.standardEmbeddingSize
    func check<Number: Comparable>(
      _ name: String, _ value: Number, _ isAllowed: Bool, _ allowed: String
    ) throws(NeuralClassifierError) {
      guard isAllowed else { throw .setting(name: name, value: "\(value)", allowed: allowed) }
    }
    let widths = ModelConfiguration.embeddingSizes
    try check("embedding size", embeddingSize, widths.contains(embeddingSize), "\(widths)")
    try check(
      "attention size", attentionSize, Self.attentionSizes.contains(attentionSize),
      "\(Self.attentionSizes)")
    for (name, rate) in [("dropout", dropout), ("label smoothing", labelSmoothing)] {
      try check(name, rate, rate >= 0 && rate < 1, "a number from 0 to below 1")
    }
    guard labels.kind == .multiple || labels.count > 1 else {
      throw .tooFewLabels(names: labels.names)
    }
    self.labels = labels
    self.architecture = architecture
    self.embeddingSize = embeddingSize
    self.sides = sides
    self.pooling = pooling
    self.attentionSize = attentionSize
    self.dropout = dropout
    self.labelSmoothing = labelSmoothing
  }

  /// The width of a text's vector.
  public var vectorSize: Int {
    pooling.vectorSize(outputSize: sides.directions.count * architecture.outputSize)
  }

  /// The number of parameters, without building the classifier.
  public func parameterCount(vocabularySize: Int) -> Int {
    let attention = pooling == .attention ? attentionSize * (vectorSize + 2) : 0
    return vocabularySize * embeddingSize
      + sides.directions.count * architecture.parameterCount(inputSize: embeddingSize) + attention
      + ClassifierHead.outputCount(labels) * (vectorSize + 1)
  }

  /// Bytes that training takes at its peak, about, for batches of so many tokens.
  func trainingBytes(vocabularySize: Int, batchTokens: Int) -> Int {
    let outputSize = sides.directions.count * architecture.outputSize
    let perToken =
      sides.directions.count * architecture.activationCount(inputSize: embeddingSize)
      + 4 * outputSize
    return 4 * (6 * parameterCount(vocabularySize: vocabularySize) + batchTokens * perToken)
  }

  /// Builds the network; the existential is opened here, once.
  func makeNetwork(
    vocabularySize: Int, from source: any ParameterSource
  ) throws -> any ClassifierNetwork {
    try makeNetwork(architecture, vocabularySize: vocabularySize, from: source)
  }

  private func makeNetwork<Kind: CausalArchitecture>(
    _ architecture: Kind, vocabularySize: Int, from source: any ParameterSource
  ) throws -> any ClassifierNetwork {
    try EncoderNetwork(architecture, self, vocabularySize: vocabularySize, from: source)
  }
}
