/// The training of a neural classifier, in a folder of its own or in memory alone.
///
/// In a folder it can be stopped at any moment and goes on from its last save. The folder holds
/// `model.safetensors`, the best classifier; `state.safetensors`, everything to go on; and `log.jsonl`, a
/// row for each step and each measurement. It is locked while this object exists.
///
/// ```swift
/// let training = try NeuralClassifierTraining(
///   settings, .new(tokenizer), training: texts, validation: others, path: "reviews.textlm")
/// let result = try training.train { event in
///   if case .evaluation(let epoch, _, _) = event { print(epoch.validation.accuracy) }
///   return true
/// }
/// ```
public final class NeuralClassifierTraining {
  /// What a classifier begins with.
  public enum Beginning: Sendable {
    /// Nothing but a tokenizer.
    case new(Tokenizer)
    /// The tokenizer and the encoder of a language model.
    case encoder(EncoderTransfer)
  }

  /// The folder; nil where nothing is written.
  public let folderPath: String?
  /// What decides what the training does.
  public private(set) var settings: NeuralTrainingSettings
  /// The classifier in training.
  public let classifier: NeuralClassifier
  /// What tells the next token, where that is learned too.
  let nextToken: NextTokenOutput?
  /// What it was begun with.
  public let commandLine: [String]
  /// What was found out when it was prepared and is worth telling: that it goes on from the state before the
  /// newest, which is damaged, or from behind the end that is asked for.
  public let notices: [String]
  let training: EncodedExamples
  let validation: EncodedExamples
  let folder: Folder?
  let resumed: StateFile?
  let digest: String
  private let lock: RunLock?
  private var hasTrained = false

  /// Prepares a new training.
  ///
  /// - Parameters:
  ///   - settings: What to do.
  ///   - beginning: What the classifier begins with.
  ///   - training: What to learn from.
  ///   - validation: What to measure with; from the same source, and none of it learned from.
  ///   - path: The folder, which is created; one that holds a run is refused unless `overwrites`. nil to
  ///     write nothing.
  ///   - commandLine: What is written into the training card.
  /// - Throws: `NeuralClassifierError` for texts or settings that do not fit, `ArchitectureError` for a
  ///   classifier too large for this machine's memory, `ParameterRatesError`, `TransferError`,
  ///   `TrainingError.runExists`, `StorageError`.
  public init(
    _ settings: NeuralTrainingSettings, _ beginning: Beginning, training: ClassifierExamples,
    validation: ClassifierExamples, path: String? = nil, overwrites: Bool = false,
    commandLine: [String] = []
  ) throws {
    try settings.check()
    try Self.check(training, validation, settings)
    let source = RandomParameters(seed: settings.trainer.seed)
    let tokenizer =
      switch beginning {
      case .new(let tokenizer): tokenizer
      case .encoder(let transfer): transfer.model.tokenizer
      }
    self.training = EncodedExamples(training, tokenizer)
    self.validation = EncodedExamples(validation, tokenizer)
    try Self.checkMemory(self.training, settings, tokenizer)
    let outputSource: any ParameterSource
    switch beginning {
    case .new:
      classifier = try NeuralClassifier(settings.classifier, tokenizer: tokenizer, from: source)
      outputSource = source
    case .encoder(let transfer):
      classifier = try transfer.makeClassifier(settings.classifier, from: source)
      outputSource = transfer.parameters(fallback: source)
    }
    nextToken = try settings.makeNextTokenOutput(
      vocabularySize: tokenizer.vocabulary.count, from: outputSource)
    try settings.checkRates(
      (classifier.parameters + (nextToken?.parameters ?? [])).map(\.path))
    digest = training.digest + validation.digest
    self.settings = settings
    self.commandLine = commandLine
    folderPath = path
    notices = []
    resumed = nil
    guard let path else {
      (folder, lock) = (nil, nil)
      return
    }
    let place = try Folder.forNewRun(at: path, overwrites: overwrites)
    folder = place.folder
    lock = place.lock
  }

  /// Prepares to go on with the training in a folder, to another end unless `horizon` is nil.
  ///
  /// The texts must be the same as before. Throws `TrainingError.noRun`, `.damagedState`;
  /// `NeuralClassifierError.otherTexts`; `StorageError`.
  public init(
    resuming path: String, training: ClassifierExamples, validation: ClassifierExamples,
    horizon: LearningRatePlan.Horizon? = nil, registry: ArchitectureRegistry = .builtIn
  ) throws {
    let folder = try RunState.folder(ofRunAt: path)
    lock = try folder.lockedToGoOn()
    let state = try StateFile(
      contentsOf: folder.path(to: RunState.name), format: NeuralTrainingLoop.stateFormat,
      owner: "a classifier")
    digest = training.digest + validation.digest
    let known = try TrainingError.naming(state.path) { try state.field("texts").string() }
    guard known.utf8.elementsEqual(digest.utf8) else {
      throw NeuralClassifierError.otherTexts(path: path)
    }
    var settings = try TrainingError.naming(state.path) {
      try NeuralTrainingSettings(state.field("run"), registry: registry)
    }
    let tokenizer = try TrainingError.naming(state.path) {
      try Tokenizer(TokenizerDescription(state.field("tokenizer")))
    }
    if let horizon { settings.plan.goOn(to: horizon) }
    try Self.check(training, validation, settings)
    self.training = EncodedExamples(training, tokenizer)
    self.validation = EncodedExamples(validation, tokenizer)
    try Self.checkMemory(self.training, settings, tokenizer)
    let stored = StoredParameters(state.tensors(withPrefix: "weights."))
    (classifier, nextToken) = try TrainingError.naming(state.path) {
      (
        try NeuralClassifier(settings.classifier, tokenizer: tokenizer, from: stored),
        try settings.makeNextTokenOutput(
          vocabularySize: tokenizer.vocabulary.count, from: stored)
      )
    }
    self.settings = settings
    self.folder = folder
    folderPath = path
    commandLine = state.commandLine
    notices = state.warnings + (try Self.notices(of: state, horizon))
    resumed = state
  }

  /// Says that nothing is left to do where a training took more steps than are asked for.
  private static func notices(
    of state: StateFile, _ horizon: LearningRatePlan.Horizon?
  ) throws -> [String] {
    guard case .steps(let wanted) = horizon else { return [] }
    let taken = try TrainingError.naming(state.path) {
      try state.field("progress").field("present").int("step", in: 0...Int.max >> 1)
    }
    guard taken > wanted else { return [] }
    return [
      "\(Numbers.grouped(taken)) steps were taken already, and \(Numbers.grouped(wanted)) are asked for: "
        + "nothing is learned, only measured"
    ]
  }

  /// Trains to the end, or until `observe` answers false, which stops it after a save.
  ///
  /// A training trains once; to go on after a stop, resume it. Throws
  /// `NeuralClassifierError.diverged`, and `StorageError` when the disk refuses; what was saved
  /// before stays.
  public func train(_ observe: (NeuralTrainingEvent) -> Bool) throws -> NeuralTrainingResult {
    precondition(!hasTrained, "classifier training: it has been trained, resume it to go on")
    hasTrained = true
    return try NeuralTrainingLoop(self).train(observe)
  }

  /// Optimizer steps of an epoch.
  public var stepsPerEpoch: Int {
    NeuralTrainer(classifier, nextToken: nextToken, training, settings).batchCount
  }

  private static func check(
    _ training: ClassifierExamples, _ validation: ClassifierExamples,
    _ settings: NeuralTrainingSettings
  ) throws(NeuralClassifierError) {
    try training.check(settings.classifier.labels, part: "training")
    try validation.check(settings.classifier.labels, part: "validation")
  }

  private static func checkMemory(
    _ examples: EncodedExamples, _ settings: NeuralTrainingSettings, _ tokenizer: Tokenizer
  ) throws(ArchitectureError) {
    let counts = examples.stepCounts(windowLength: NeuralTrainingSettings.windowLength)
    try settings.checkMemory(
      vocabularySize: tokenizer.vocabulary.count, longest: counts.max() ?? 1)
  }
}

extension StateFile {
  /// The tensors whose names begin with `prefix`, by what follows it.
  func tensors(withPrefix prefix: String) -> [String: Tensor] {
    let own = tensors.filter { $0.key.hasPrefix(prefix) }
    return Dictionary(
      uniqueKeysWithValues: own.map { (String($0.key.dropFirst(prefix.count)), $0.value) })
  }
}
