/// Everything about a language model but its vocabulary and its weights: the `config` of a model
/// file.
public struct ModelConfiguration: Sendable {
  /// The encoder's architecture and sizes.
  public let architecture: any CausalArchitecture
  /// E, the width of the embedding.
  public let embeddingSize: Int
  /// Whether the output's weights are the embedding's.
  public let isTied: Bool
  /// From which end it reads.
  public let direction: ReadingDirection

  /// The widths that an embedding may have.
  public static let embeddingSizes = 1...16384

  /// A configuration of these parts. The embedding's width must be within `embeddingSizes`.
  public init(
    architecture: any CausalArchitecture, embeddingSize: Int, isTied: Bool = false,
    direction: ReadingDirection = .forward
  ) {
    precondition(
      Self.embeddingSizes.contains(embeddingSize),
      "model configuration: embedding size \(embeddingSize) is not within \(Self.embeddingSizes)")
    self.architecture = architecture
    self.embeddingSize = embeddingSize
    self.isTied = isTied
    self.direction = direction
  }

  /// Refuses a tied output where the widths differ; building the model does so too.
  public func checkWidths() throws(ArchitectureError) {
    guard !isTied || architecture.outputSize == embeddingSize else {
      throw .tiedWidths(embeddingSize: embeddingSize, outputSize: architecture.outputSize)
    }
  }

  /// Builds the model with parameters from `source`, new or stored.
  public func makeModel(
    vocabularySize: Int, from source: any ParameterSource
  ) throws -> any LanguageModel {
    try architecture.makeLanguageModel(self, vocabularySize: vocabularySize, from: source)
  }

  /// The number of parameters, without building the model.
  public func parameterCount(vocabularySize: Int) -> Int {
    vocabularySize * (embeddingSize + 1) + (isTied ? 0 : vocabularySize * architecture.outputSize)
      + architecture.parameterCount(inputSize: embeddingSize)
  }

  /// Bytes that training takes at its peak, about: weights, gradients, two moments, two packed
  /// copies of each matrix, and what is kept of a batch for the backward pass.
  public func trainingBytes(vocabularySize: Int, batchSize: Int, sequenceLength: Int) -> Int {
    let perToken = architecture.activationCount(inputSize: embeddingSize) + 2 * vocabularySize
    return 4
      * (6 * parameterCount(vocabularySize: vocabularySize)
        + batchSize * sequenceLength * perToken)
  }
}

extension ModelConfiguration {
  /// What its models do.
  static let task = "language-model"

  /// The JSON of a model file's `config`.
  public var json: JSONValue {
    var object: JSONObject = [
      "task": JSONValue(Self.task),
      "architecture": JSONValue(type(of: architecture).name),
      "hyperparameters": architecture.values.json(type(of: architecture).hyperparameters),
      "embedding_size": JSONValue(embeddingSize),
      "tied": JSONValue(isTied),
    ]
    // Left out where it is usual, so that a textlm that knows no other can read the model.
    if direction != .forward { object.append("direction", JSONValue(direction.rawValue)) }
    return .object(object)
  }

  /// Reads a `config`, which may come from anywhere.
  public init(_ config: JSONField, registry: ArchitectureRegistry = .builtIn) throws {
    try config.allowOnly(
      ["task", "architecture", "hyperparameters", "embedding_size", "tied", "direction"])
    let task = try config.string("task")
    guard task == Self.task else {
      throw JSONFieldError.outOfRange(
        path: config.path + ".task", expected: Self.task, found: JSONValue(task).summary)
    }
    let kind = try registry.architecture(named: config.string("architecture"))
    self.init(
      architecture: try kind.init(stored: config.field("hyperparameters")),
      embeddingSize: try config.int("embedding_size", in: Self.embeddingSizes),
      isTied: try config.bool("tied"),
      direction: try config.optionalField("direction").map { try ReadingDirection(named: $0) }
        ?? .forward)
  }
}
