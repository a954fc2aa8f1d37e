/// A training in a folder of its own, `NAME.textlm`, that can be stopped at any moment and goes on
/// from its last save.
///
/// The folder holds `model.safetensors`, the best model so far; `state.safetensors`, everything to
/// go on; `log.jsonl`; `tokens.bin`, the tokens of a corpus too large for memory; and where
/// `writeCopyIndex` was called `copy-index.safetensors`. It is locked while the run exists.
public final class TrainingRun {
  /// The folder.
  public let folderPath: String
  /// What decides what the run does.
  public private(set) var settings: RunSettings
  /// The text, ready.
  public let data: TrainingData
  /// The model in training.
  public let model: any LanguageModel
  /// What is worth telling before it begins.
  public let notices: [String]

  let folder: Folder
  let corpus: [CorpusFile]
  let resumed: StoredRun?
  let commandLine: [String]
  private let lock: RunLock
  private var hasTrained = false

  /// Prepares a new run.
  ///
  /// - Parameters:
  ///   - settings: What to do.
  ///   - corpus: What to learn from.
  ///   - path: The folder, which is created; one that holds a run is refused unless `overwrites`.
  ///   - transfer: What the model takes over from a trained one; nil for a new model.
  ///   - commandLine: What is written into the training card.
  /// - Throws: Before anything is written: `CorpusError`, `TextError`, `ArchitectureError` for a
  ///   model too large for this machine's memory, `TransferError` for a trained model that does not
  ///   fit; then `TrainingError.runExists`, `StorageError`.
  public init(
    _ settings: RunSettings, corpus: [CorpusFile], path: String, overwrites: Bool = false,
    transfer: Transfer? = nil, commandLine: [String] = []
  ) throws {
    let prepared = try PreparedCorpus(corpus, settings.data)
    // A small corpus is encoded before anything is written, a large one into the folder.
    let early = prepared.isSmall ? try prepared.encoded(in: nil) : nil
    try settings.model.checkWidths()
    try settings.checkWeightDrop()
    try settings.checkReceptiveField(
      textLength: early?.tokensPerEpoch ?? prepared.shape.characterCount)
    try settings.checkMemory(
      vocabularySize: prepared.tokenizer.vocabulary.count,
      batchSize: early?.batchSize ?? prepared.shape.batchSize,
      sequenceLength: early?.sequenceLength ?? prepared.shape.sequenceLength)
    let beginning = try prepared.makeModel(settings, transfer)
    (folder, lock) = try Folder.forNewRun(at: path, overwrites: overwrites)
    if early != nil { try SystemCalls.removeFile(folder.path(to: TokenFile.name)) }
    data = try early ?? prepared.encoded(in: folder)
    var resolved = settings
    resolved.data = prepared.options
    resolved.transfer = beginning.report?.record
    self.settings = resolved
    folderPath = path
    self.corpus = prepared.files
    self.commandLine = commandLine
    resumed = nil
    let unfreezing = resolved.rates.notice(beginning.model.parameters.map(\.path))
    notices = data.notices + (beginning.report?.lines ?? []) + (unfreezing.map { [$0] } ?? [])
    model = beginning.model
  }

  /// Prepares to go on with the run in a folder.
  ///
  /// - Parameters:
  ///   - path: The folder.
  ///   - corpus: The same texts as before, checked by their digests.
  ///   - validationFiles: Likewise, where the run has texts of their own to validate on.
  ///   - horizon: Another end; nil keeps the run's own.
  /// - Throws: `TrainingError.noRun`, `.otherCorpus`, `.damagedState`; `StorageError`.
  public init(
    resuming path: String, corpus: [CorpusFile], validationFiles: [CorpusFile] = [],
    horizon: LearningRatePlan.Horizon? = nil,
    registry: ArchitectureRegistry = .builtIn
  ) throws {
    folder = try RunState.folder(ofRunAt: path)
    lock = try folder.lockedToGoOn()
    var stored = try StoredRun(
      path: folder.path(to: RunState.name), corpus: corpus, validationFiles: validationFiles,
      registry: registry)
    if let horizon { stored.state.settings.plan.goOn(to: horizon) }
    let prepared = try PreparedCorpus(
      corpus, stored.state.settings.data, tokenizer: stored.state.tokenizer)
    data = try prepared.encoded(in: folder)
    settings = stored.state.settings
    try settings.checkMemory(
      vocabularySize: data.tokenizer.vocabulary.count, batchSize: data.batchSize,
      sequenceLength: data.sequenceLength)
    let (configuration, vocabularySize) = (settings.model, data.tokenizer.vocabulary.count)
    model = try TrainingError.naming(stored.path) {
      try configuration.makeModel(
        vocabularySize: vocabularySize,
        from: SafetensorsParameters(stored.file, prefix: "weights."))
    }
    stored.state.best?.evaluation.counts = data.validationCounts
    resumed = stored
    folderPath = path
    self.corpus = prepared.files
    commandLine = stored.state.commandLine
    notices = data.notices + stored.warnings
  }

  /// The rules by which the texts of the run in a folder were read, to read them again by.
  ///
  /// Throws `TrainingError.noRun`, `.damagedState`; `StorageError`.
  public static func reading(ofRunAt path: String) throws -> ReadingRules {
    let folder = try RunState.folder(ofRunAt: path)
    return try StoredRun.reading(path: folder.path(to: RunState.name))
  }

  /// Gives a run that has not trained yet another end.
  func setHorizon(_ horizon: LearningRatePlan.Horizon) {
    settings.plan.horizon = horizon
  }

  /// Trains to the end, or until `observe` answers false, which stops the run after a save.
  ///
  /// A run trains once; to go on after a stop, resume it. Throws `TrainingError.notFinite` when the
  /// training diverges, and `StorageError` when the disk refuses; what was saved before stays.
  public func train(_ observe: (TrainingEvent) -> Bool) throws -> TrainingResult {
    precondition(!hasTrained, "training run: \(folderPath) has been trained, resume it to go on")
    hasTrained = true
    return try train(model, observe)
  }

  private func train<Model: LanguageModel>(
    _ model: Model, _ observe: (TrainingEvent) -> Bool
  ) throws -> TrainingResult {
    let loop = try TrainingLoop(self, model)
    return try loop.train(observe)
  }
}

extension RunSettings {
  /// Refuses weight drop where there are no recurrent weights.
  package func checkWeightDrop() throws(ArchitectureError) {
    let kind = type(of: model.architecture)
    guard trainer.regularization.weightDrop > 0, !kind.hasRecurrentWeights else { return }
    throw .noRecurrentWeights(
      architecture: kind.name,
      others: ArchitectureRegistry.builtIn.all.filter { $0.hasRecurrentWeights }.map { $0.name })
  }

  /// Refuses a model that depends on more of the text than there is to train on.
  package func checkReceptiveField(textLength: Int) throws(ArchitectureError) {
    let architecture = model.architecture
    guard let length = architecture.receptiveField, length > textLength else { return }
    throw .receptiveField(
      architecture: type(of: architecture).name, length: length, textLength: textLength)
  }

  /// Refuses what the machine's free memory cannot hold.
  package func checkMemory(
    vocabularySize: Int, batchSize: Int, sequenceLength: Int
  ) throws(ArchitectureError) {
    let needed = model.trainingBytes(
      vocabularySize: vocabularySize, batchSize: batchSize, sequenceLength: sequenceLength)
    guard let available = SystemMemory.availableBytes, needed > available else { return }
    throw .tooLarge(
      parameterCount: model.parameterCount(vocabularySize: vocabularySize), neededBytes: needed,
      availableBytes: available)
  }
}
