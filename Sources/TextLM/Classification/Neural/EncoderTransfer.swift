/// What a classifier takes over from a trained language model: its tokenizer, its embedding, and its
/// encoder as the one that reads forwards. Its output serves a training with a language model's loss.
///
/// Everything else is new. To keep what was taken as it is, freeze `patterns` in `ParameterRates`; to
/// thaw it from the top, give an interval of unfreezing there.
public struct EncoderTransfer: Sendable {
  /// The language model.
  public let model: TextModel
  /// What it is called in messages, its path for example.
  public let name: String
  /// Its architecture and sizes.
  public let configuration: ModelConfiguration

  /// The parameters that are taken over.
  public static let patterns = [PathPattern("embedding.*"), PathPattern("forward.*")]

  /// Takes the encoder of a model.
  ///
  /// Throws `TransferError.noNetwork` for an n-gram model, and `NeuralClassifierError.backwardModel`.
  public init(_ model: TextModel, name: String) throws {
    guard let configuration = model.configuration.neural else {
      throw TransferError.noNetwork(model: name)
    }
    guard configuration.direction == .forward else {
      throw NeuralClassifierError.backwardModel(name: name)
    }
    self.model = model
    self.name = name
    self.configuration = configuration
  }

  /// The configuration of a classifier with this encoder; see `NeuralClassifierConfiguration`.
  public func configuration(
    labels: LabelSet, sides: ReadingSides = .forward, pooling: TextPooling = .joined,
    attentionSize: Int = 64, joinedNGrams: JoinedNGrams? = nil, dropout: Double = 0.5,
    labelSmoothing: Double = 0
  ) throws(NeuralClassifierError) -> NeuralClassifierConfiguration {
    try NeuralClassifierConfiguration(
      labels: labels, architecture: configuration.architecture,
      embeddingSize: configuration.embeddingSize, sides: sides, pooling: pooling,
      attentionSize: attentionSize, joinedNGrams: joinedNGrams, dropout: dropout,
      labelSmoothing: labelSmoothing)
  }

  /// A classifier that begins with the encoder; all else comes from `fallback`.
  ///
  /// Throws `TransferError` for sizes that do not fit.
  func makeClassifier(
    _ wanted: NeuralClassifierConfiguration, from fallback: any ParameterSource
  ) throws -> NeuralClassifier {
    let (own, kind) = (type(of: configuration.architecture).name, type(of: wanted.architecture))
    guard own.utf8.elementsEqual(kind.name.utf8) else {
      throw TransferError.architecture(model: name, found: own, wanted: kind.name)
    }
    return try NeuralClassifier(
      wanted, tokenizer: model.tokenizer, from: parameters(fallback: fallback))
  }

  /// The first values of what is taken over; all else comes from `fallback`.
  func parameters(fallback: any ParameterSource) -> any ParameterSource {
    TransferredEncoder(self, fallback: fallback)
  }
}

/// The first values of a classifier that begins with the encoder of a language model.
private struct TransferredEncoder: ParameterSource {
  private let transfer: EncoderTransfer
  private let values: [String: Tensor]
  private let fallback: any ParameterSource

  init(_ transfer: EncoderTransfer, fallback: any ParameterSource) {
    self.transfer = transfer
    self.fallback = fallback
    values = Dictionary(
      uniqueKeysWithValues: transfer.model.languageModel.parameters.map { ($0.path, $0.value) })
  }

  func tensor(at path: String, shape: Shape, _ initializer: Initializer) throws -> Tensor {
    guard let known = knownPath(of: path) else {
      return try fallback.tensor(at: path, shape: shape, initializer)
    }
    let advice = transfer.configuration.sizeFlags
    guard let stored = values[known] else {
      throw TransferError.missing(
        model: transfer.name, tensor: known, wanted: shape, advice: advice)
    }
    guard stored.shape == shape else {
      throw TransferError.shape(
        model: transfer.name, tensor: known, found: stored.shape, wanted: shape, advice: advice)
    }
    return stored
  }

  /// What the language model calls a parameter; nil for one that it does not have.
  ///
  /// What a classifier calls by its direction is a language model's `rnn`, and the output for the next
  /// token its `head`, whose weights are the embedding's where they are tied.
  private func knownPath(of path: String) -> String? {
    let components = path.split(separator: ".", maxSplits: 1)
    switch components.first {
    case "embedding": return path
    case "forward": return "rnn.\(components[1])"
    case Substring(NextTokenOutput.scope):
      let isTied = transfer.configuration.isTied && components[1] == "weight"
      return isTied ? "embedding.weight" : "head.\(components[1])"
    default: return nil
    }
  }
}
