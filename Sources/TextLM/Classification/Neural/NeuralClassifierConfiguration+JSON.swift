extension NeuralClassifierConfiguration {
  /// What the `config` of every classifier's file has as its `kind`.
  static let kind = "classifier"
  /// What it has as its `classifier` where that is a network.
  static let classifier = "neural"

  /// The JSON of a classifier file's `config`.
  public var json: JSONValue {
    var object: JSONObject = [
      "kind": JSONValue(Self.kind),
      "classifier": JSONValue(Self.classifier),
      "labels": labels.json,
      "architecture": JSONValue(type(of: architecture).name),
      "hyperparameters": architecture.values.json(type(of: architecture).hyperparameters),
      "embedding_size": JSONValue(embeddingSize),
      "structure": JSONValue(structure.rawValue),
      "sides": JSONValue(sides.rawValue),
      "pooling": JSONValue(pooling.rawValue),
      "attention_size": JSONValue(attentionSize),
      "dropout": JSONValue(dropout),
      "label_smoothing": JSONValue(labelSmoothing),
    ]
    if let joinedNGrams { object.append("joined_ngrams", joinedNGrams.json) }
    return .object(object)
  }

  /// Reads a `config`, which may come from anywhere.
  ///
  /// Throws `JSONFieldError`, `LabelledDataError` for labels that are none, `ArchitectureError`, and
  /// `NeuralClassifierError`.
  public init(_ config: JSONField, registry: ArchitectureRegistry = .builtIn) throws {
    try config.allowOnly([
      "kind", "classifier", "labels", "architecture", "hyperparameters", "embedding_size",
      "structure", "sides", "pooling", "attention_size", "joined_ngrams", "dropout",
      "label_smoothing",
    ])
    try config.field("kind").require(Self.kind)
    try config.field("classifier").require(Self.classifier)
    let kind = try registry.architecture(named: config.string("architecture"))
    try self.init(
      labels: LabelSet(config.field("labels")),
      architecture: kind.init(stored: config.field("hyperparameters")),
      embeddingSize: config.int("embedding_size", in: ModelConfiguration.embeddingSizes),
      structure: TextStructure(named: config.field("structure")),
      sides: ReadingSides(named: config.field("sides")),
      pooling: TextPooling(named: config.field("pooling")),
      attentionSize: config.int("attention_size", in: Self.attentionSizes),
      joinedNGrams: config.optionalField("joined_ngrams").map { try JoinedNGrams($0) },
      dropout: config.double("dropout", in: 0...1),
      labelSmoothing: config.double("label_smoothing", in: 0...1))
  }
}
