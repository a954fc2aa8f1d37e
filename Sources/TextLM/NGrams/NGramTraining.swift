/// The making of an n-gram model: a text is read once and counted, and the model lies in a folder
/// `NAME.textlm` as that of a training does.
///
/// There are no steps and nothing to go on with: the same text gives the same file.
public struct NGramTraining: Sendable {
  /// The model's order and direction.
  public let configuration: NGramConfiguration
  /// How the text is read, divided and cut into units.
  public let options: TrainingData.Options

  /// What came of it.
  public struct Result: Sendable {
    /// The model.
    public let model: NGramModel
    /// How well it predicts what was held out.
    public let validation: Evaluation
    /// Tokens that were counted.
    public let tokenCount: Int
    /// V, the number of tokens in the vocabulary.
    public let vocabularySize: Int
    /// What is worth telling.
    public let notices: [String]
  }

  /// A training of these parts; batches, of which `options` tell, there are none.
  ///
  /// Requires a split that is not of streams or folds, which are those of batches and runs.
  public init(_ configuration: NGramConfiguration, _ options: TrainingData.Options) {
    switch options.split {
    case .streams, .fold: preconditionFailure("n-gram training: a split of \(options.split.name)")
    case .tail, .files, .none: break
    }
    var options = options
    (options.batchSize, options.sequenceLength) = (1, 1)
    options.direction = configuration.direction
    self.configuration = configuration
    self.options = options
  }

  /// What would be done with a corpus, as JSON; refuses what `train` would refuse.
  public func plan(of corpus: [CorpusFile]) throws -> JSONValue {
    let prepared = try PreparedCorpus(corpus, options)
    return [
      "config": configuration.json, "split": prepared.options.split.json,
      "unit": JSONValue(type(of: prepared.tokenizer.segmenter).name),
      "vocabulary": JSONValue(prepared.tokenizer.vocabulary.count),
    ]
  }

  /// Counts a corpus, measures the model on what is held out, and writes it, whole or not at all.
  ///
  /// - Parameters:
  ///   - corpus: What to learn from.
  ///   - path: The folder, which is created; one that holds a run is refused unless `overwrites`.
  ///   - writesCopyIndex: Whether the index of the text is written beside the model, to be read
  ///     with `TextModel.copyIndex(besideModelAt:)`.
  ///   - commandLine: What is written into the training card.
  /// - Throws: `CorpusError`, `TextError`, `NGramError`; `TrainingError.runExists`, `StorageError`;
  ///   `CopyIndexError.tooLong` for a text for whose index there is no room.
  public func train(
    corpus: [CorpusFile], path: String, overwrites: Bool = false, writesCopyIndex: Bool = false,
    commandLine: [String] = []
  ) throws -> Result {
    let prepared = try PreparedCorpus(corpus, options)
    let data = try prepared.encoded(in: nil)
    if writesCopyIndex { try data.checkCopyIndex() }
    let (folder, lock) = try Folder.forNewRun(at: path, overwrites: overwrites)
    return try withExtendedLifetime(lock) {
      let tokenizer = data.tokenizer
      let tokens = data.streams.tokens
      let model = try NGramModel(
        tokens, vocabularySize: tokenizer.vocabulary.count, order: configuration.order)
      let validation = Evaluation(
        Scorer().scores(data.validation, model).nats, targets: data.validation.targets,
        counts: data.validationCounts, unknownPenaltyNats: tokenizer.unknownPenaltyNats)
      let card: JSONValue = [
        "textlm_version": JSONValue(TextLMVersion.current),
        "corpus": .array(prepared.files.map(\.json)),
        "split": prepared.options.split.json,
        "tokens": JSONValue(tokens.count - 1),
        "validation": validation.json,
        "command_line": .array(commandLine.map { JSONValue($0) }),
      ]
      try ModelFile.write(
        model.safetensorsEntries, config: configuration.json, tokenizer: tokenizer, card: card,
        to: folder.path(to: ModelFile.name))
      if writesCopyIndex { _ = try data.writeCopyIndex(to: folder, configuration.direction) }
      return Result(
        model: model, validation: validation, tokenCount: tokens.count - 1,
        vocabularySize: tokenizer.vocabulary.count, notices: data.notices)
    }
  }
}
