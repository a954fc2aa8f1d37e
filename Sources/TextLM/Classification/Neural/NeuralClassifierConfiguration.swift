/// Everything about a neural classifier but its tokenizer and its weights.
///
/// Tokens go through an embedding into one encoder or two, whose outputs become one vector of the text by
/// a `TextPooling`, of which, beside the mean vector of its n-grams where they are joined, a linear map makes
/// the classes' logits.
public struct NeuralClassifierConfiguration: Sendable {
  /// What texts are told apart by.
  public let labels: LabelSet
  /// The architecture and the sizes of each encoder.
  public let architecture: any CausalArchitecture
  /// E, the width of the embedding.
  public let embeddingSize: Int
  /// What a text is taken for.
  public let structure: TextStructure
  /// From which ends a text is read, and its parts.
  public let sides: ReadingSides
  /// How outputs become one vector; in a hierarchy that is attention.
  public let pooling: TextPooling
  /// A, the units that attention is computed by; unused by other poolings.
  public let attentionSize: Int
  /// Sequences of tokens whose mean vector joins that of the encoders; nil for none.
  public let joinedNGrams: JoinedNGrams?
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
  ///   - pooling: nil for what suits the structure: `.joined`, or in a hierarchy attention, which is all
  ///     that it may have.
  ///   - dropout: More of it keeps small sets from being learned by heart. From 0 to below 1.
  ///   - labelSmoothing: From 0 to below 1; makes probabilities less sure.
  /// - Throws: `NeuralClassifierError.setting` for numbers that are out of range, and `.tooFewLabels`
  ///   where there is nothing to tell apart.
  public init(
    labels: LabelSet, architecture: any CausalArchitecture, embeddingSize: Int? = nil,
    structure: TextStructure = .sequence, sides: ReadingSides = .both,
    pooling: TextPooling? = nil, attentionSize: Int = 64, joinedNGrams: JoinedNGrams? = nil,
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
    let pooling = pooling ?? (structure == .hierarchy ? .attention : .joined)
    try check(
      "pooling in a hierarchy", pooling.rawValue, structure == .sequence || pooling == .attention,
      TextPooling.attention.rawValue)
    guard labels.kind == .multiple || labels.count > 1 else {
      throw .tooFewLabels(names: labels.names)
    }
    self.labels = labels
    self.architecture = architecture
    self.embeddingSize = embeddingSize
    self.structure = structure
    self.sides = sides
    self.pooling = pooling
    self.attentionSize = attentionSize
    self.joinedNGrams = joinedNGrams
    self.dropout = dropout
    self.labelSmoothing = labelSmoothing
  }

  /// The name by which `--arch` knows the network.
  public var architectureName: String { structure.name(of: architecture, sides) }

  /// The width of a text's vector, with that of its n-grams.
  public var vectorSize: Int {
    pooling.vectorSize(outputSize: sides.directions.count * architecture.outputSize)
      + (joinedNGrams?.vectorSize ?? 0)
  }

  /// The number of parameters, without building the classifier.
  public func parameterCount(vocabularySize: Int) -> Int {
    let (outputSize, sideCount) = (architecture.outputSize, sides.directions.count)
    // Each pooling with attention has a projection, its bias and the context.
    let attention = pooling == .attention ? attentionSize * (sideCount * outputSize + 2) : 0
    let upper =
      structure == .hierarchy
      ? attention + sideCount * architecture.parameterCount(inputSize: sideCount * outputSize) : 0
    let ngrams = joinedNGrams.map { $0.bucketCount * $0.vectorSize } ?? 0
    return vocabularySize * embeddingSize + ngrams
      + sideCount * architecture.parameterCount(inputSize: embeddingSize) + attention + upper
      + ClassifierHead.outputCount(labels) * (vectorSize + 1)
  }

  /// Bytes that training takes at its peak, about, for batches of so many tokens.
  func trainingBytes(vocabularySize: Int, batchTokens: Int) -> Int {
    let outputSize = sides.directions.count * architecture.outputSize
    let perToken =
      sides.directions.count * architecture.activationCount(inputSize: embeddingSize)
      + 4 * outputSize
      + (joinedNGrams.map { 2 * $0.lengths.count * $0.vectorSize } ?? 0)
    // Parts are filled up to the longest one.
    let stepCount = structure == .hierarchy ? 4 * batchTokens : batchTokens
    return 4 * (6 * parameterCount(vocabularySize: vocabularySize) + stepCount * perToken)
  }

  /// Builds the network; the existential is opened here, once.
  func makeNetwork(
    _ tokenizer: Tokenizer, from source: any ParameterSource
  ) throws -> any ClassifierNetwork {
    try makeNetwork(architecture, tokenizer, from: source)
  }

  private func makeNetwork<Kind: CausalArchitecture>(
    _ architecture: Kind, _ tokenizer: Tokenizer, from source: any ParameterSource
  ) throws -> any ClassifierNetwork {
    switch (structure, sides) {
    case (.sequence, _):
      return try EncoderNetwork(
        architecture, self, vocabularySize: tokenizer.vocabulary.count, from: source)
    case (.hierarchy, .forward):
      return try HierarchicalNetwork(self, tokenizer: tokenizer, from: source) {
        try architecture.makeEncoder(inputSize: $0, in: $1)
      }
    case (.hierarchy, .both):
      return try HierarchicalNetwork(self, tokenizer: tokenizer, from: source) {
        try architecture.makeBidirectional(inputSize: $0, in: $1)
      }
    }
  }
}
