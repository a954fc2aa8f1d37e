/// What a new model takes over from a trained one, whose vocabulary may be another.
///
/// Rows that belong to tokens are matched by the text that the tokens stand for; see
/// `TransferredParameters` for the rest.
public struct Transfer: Sendable {
  /// How much is taken over.
  public enum Part: String, Sendable {
    /// All parameters.
    case model
    /// The vectors that stand for tokens.
    case embeddings
  }

  /// How much is taken over.
  public let part: Part
  /// The trained model.
  public let donor: TextModel
  /// What the donor is called in messages and in the training card, its path for example.
  public let name: String

  /// The trained model's architecture and sizes.
  public let configuration: ModelConfiguration

  /// Takes `part` of `donor`. Throws `TransferError.noNetwork` for an n-gram model.
  public init(_ part: Part, of donor: TextModel, name: String) throws(TransferError) {
    guard let configuration = donor.configuration.neural else { throw .noNetwork(model: name) }
    self.configuration = configuration
    self.part = part
    self.donor = donor
    self.name = name
  }

  /// Refuses a model that the donor cannot be the beginning of.
  public func check(_ configuration: ModelConfiguration) throws(TransferError) {
    let own = self.configuration
    switch part {
    case .embeddings:
      guard own.embeddingSize == configuration.embeddingSize else {
        throw .embeddingSize(
          model: name, found: own.embeddingSize, wanted: configuration.embeddingSize)
      }
    case .model:
      let (kind, wanted) = (type(of: own.architecture).name, configuration.architecture)
      guard kind.utf8.elementsEqual(type(of: wanted).name.utf8) else {
        throw .architecture(model: name, found: kind, wanted: type(of: wanted).name)
      }
      guard own.isTied || !configuration.isTied else { throw .untied(model: name) }
    }
  }

  /// Builds a model with the vocabulary of `tokenizer` that begins with what is taken over.
  ///
  /// - Parameters:
  ///   - fallback: Where all else gets its values from.
  ///   - frequencies: The logarithms of the tokens' parts of the training text.
  ///   - seed: What new rows are drawn from.
  /// - Throws: `TransferError` for sizes that do not fit.
  func makeModel(
    _ configuration: ModelConfiguration, tokenizer: Tokenizer, from fallback: any ParameterSource,
    frequencies: [Double], seed: UInt64
  ) throws -> (model: any LanguageModel, report: TransferReport) {
    try check(configuration)
    let source = TransferredParameters(
      self, vocabulary: tokenizer.vocabulary, fallback: fallback, frequencies: frequencies,
      random: RandomSource(seed: seed).stream("transfer"))
    let model = try configuration.makeModel(
      vocabularySize: tokenizer.vocabulary.count, from: source)
    if part == .model {
      let paths = Set(model.parameters.map(\.path))
      if let left = donor.languageModel.parameters.first(where: { !paths.contains($0.path) }),
        !TransferredParameters.isOfTokens(left.path)
      {
        throw TransferError.leftOver(
          model: name, tensor: left.path, shape: left.shape, advice: self.configuration.sizeFlags)
      }
    }
    return (model, TransferReport(self, tokenizer: tokenizer, tensorCount: source.takenCount))
  }
}

extension ModelConfiguration {
  /// The command's options that give these sizes.
  var sizeFlags: String {
    let known = type(of: architecture).hyperparameters
    var flags = zip(known, architecture.values.written(known)).compactMap {
      hyperparameter, written -> String? in
      switch hyperparameter.name {
      case "layers": return "--layers \(written.value)"
      case "hidden_size": return "--hidden-size \(written.value)"
      default:
        // What is dropped in training makes no difference to a model's tensors.
        if case .rate = hyperparameter.kind { return nil }
        return written.value == hyperparameter.standardText
          ? nil : "--set \(written.name)=\(written.value)"
      }
    }
    flags.append("--embedding-size \(embeddingSize)")
    if isTied { flags.append("--tied") }
    return flags.joined(separator: " ")
  }
}
