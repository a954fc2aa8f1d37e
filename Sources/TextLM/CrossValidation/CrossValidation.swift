/// Trainings of one corpus, each of which holds out another block of it: how well models of this
/// kind predict text of this kind, and how much that depends on which text is held out.
///
/// The blocks are contiguous, do not overlap, and together are the whole text. Neighbouring characters
/// are too alike to be drawn at random. Vocabularies are made from each fold's training part alone.
///
/// The folder holds a run for each fold, `fold-1` and so on, and `folds.json` with the results. It is
/// locked while this object exists.
public final class CrossValidation {
  /// How many folds there may be.
  public static let foldCounts = 2...1000

  /// The folder.
  public let folderPath: String
  /// The number of folds.
  public let foldCount: Int
  /// What all folds have in common; a time is that of all folds together.
  public let settings: RunSettings
  /// The folds that have been trained to their end, in order.
  public private(set) var results: [FoldResult]

  /// V of the first fold's model.
  public var vocabularySize: Int { tokenizer.vocabulary.count }

  private let folder: Folder
  private let corpus: [CorpusFile]
  private let transfer: Transfer?
  private let tokenizer: Tokenizer
  private let commandLine: [String]
  private let lock: RunLock
  private let alreadyElapsed: Double
  private let start = ContinuousClock.now

  /// Prepares new trainings.
  ///
  /// - Parameters:
  ///   - settings: What each fold does; its split is replaced by the fold's.
  ///   - foldCount: Within `foldCounts`.
  ///   - corpus: What to learn from and to measure on.
  ///   - path: The folder, which is created; one that holds a run is refused unless `overwrites`.
  ///   - transfer: What each model takes over from a trained one.
  ///   - commandLine: What is written into the training cards.
  /// - Throws: What `TrainingRun` throws; `CorpusError.tooFewForFolds`.
  public init(
    _ settings: RunSettings, foldCount: Int, corpus: [CorpusFile], path: String,
    overwrites: Bool = false, transfer: Transfer? = nil, commandLine: [String] = []
  ) throws {
    precondition(
      Self.foldCounts.contains(foldCount),
      "cross-validation: \(foldCount) folds are not within \(Self.foldCounts)")
    var settings = settings
    settings.data.split = .fold(number: 1, count: foldCount)
    // Refused before anything is written.
    let prepared = try PreparedCorpus(corpus, settings.data)
    try settings.model.checkWidths()
    if transfer != nil || settings.rates != .equal || settings.initialization != .none {
      _ = try prepared.makeModel(settings, transfer)
    }
    settings.data = prepared.options
    (folder, lock) = try Folder.forNewRun(at: path, overwrites: overwrites)
    try SystemCalls.removeFile(folder.path(to: TokenFile.name))
    folderPath = path
    self.foldCount = foldCount
    self.settings = settings
    self.corpus = prepared.files
    self.transfer = transfer
    self.commandLine = commandLine
    tokenizer = prepared.tokenizer
    results = []
    alreadyElapsed = 0
    try save()
  }

  /// Prepares to go on with the trainings in a folder: those that have ended stay as they are.
  ///
  /// - Parameters:
  ///   - path: The folder.
  ///   - corpus: The same texts as before, checked by their digests.
  /// - Throws: `TrainingError.noRun`, `.otherCorpus`, `.damagedState`; `StorageError`; errors of a
  ///   trained model that is to be taken over once more.
  public init(
    resuming path: String, corpus: [CorpusFile], registry: ArchitectureRegistry = .builtIn
  ) throws {
    guard Self.exists(at: path) else { throw TrainingError.noRun(path: path) }
    folder = try Folder(path)
    lock = try folder.lockedToGoOn()
    let file = folder.path(to: FoldsFile.name)
    let stored = try TrainingError.naming(file) {
      try FoldsFile(
        JSONField(FileReader.json(at: file), path: FoldsFile.name), registry: registry)
    }
    try StoredRun.checkCorpus(corpus, stored.corpus, path: file)
    folderPath = path
    foldCount = stored.foldCount
    settings = stored.settings
    self.corpus = corpus
    transfer = try stored.transfer.map {
      try Transfer($0.part, of: TextModel(contentsOf: $0.model, registry: registry), name: $0.model)
    }
    commandLine = stored.commandLine
    tokenizer = stored.tokenizer
    results = stored.results
    alreadyElapsed = stored.elapsedSeconds
  }

  /// Whether a folder holds trainings of folds.
  public static func exists(at path: String) -> Bool {
    SystemCalls.exists(path + "/" + FoldsFile.name)
  }

  /// The folder of a fold within the folder of them all.
  public static func name(ofFold number: Int) -> String { "fold-\(number)" }

  /// The rules by which the texts were read, to read them again by.
  ///
  /// Throws `TrainingError.damagedState`; `StorageError`.
  public static func reading(ofRunAt path: String) throws -> ReadingRules {
    let file = path + "/" + FoldsFile.name
    return try TrainingError.naming(file) {
      try ReadingRules(JSONField(FileReader.json(at: file), path: FoldsFile.name).field("run"))
    }
  }

  /// Trains all folds that have not ended, until `observe` answers false, which stops after a save.
  ///
  /// - Parameters:
  ///   - begin: Told of each run before it trains, with the number of its fold.
  ///   - observe: Told of what happens, with the number of the fold.
  /// - Returns: Whether it was stopped.
  public func train(
    _ begin: (Int, TrainingRun) throws -> Void, _ observe: (Int, TrainingEvent) -> Bool
  ) throws -> Bool {
    while results.count < foldCount {
      let number = results.count + 1
      let run = try run(ofFold: number)
      try begin(number, run)
      let result = try run.train { observe(number, $0) }
      if result.wasStopped {
        try save()
        return true
      }
      guard let best = result.best else {
        throw TrainingError.notFinite(
          step: result.progress.step, learningRate: settings.plan.peak)
      }
      results.append(
        FoldResult(
          fold: number, stepCount: result.progress.step, tokenCount: result.progress.tokenCount,
          elapsedSeconds: result.clock.elapsedSeconds, evaluation: best))
      try save()
    }
    return false
  }

  /// The run of a fold, where it was or new.
  private func run(ofFold number: Int) throws -> TrainingRun {
    let path = folder.path(to: Self.name(ofFold: number))
    if SystemCalls.exists(path), RunState.exists(in: try Folder(path)) {
      return try TrainingRun(resuming: path, corpus: corpus)
    }
    var settings = settings
    settings.data.split = .fold(number: number, count: foldCount)
    if case .seconds(let total) = settings.plan.horizon {
      // What preparing took longer than expected is taken from all that are left.
      let left = (total - elapsedSeconds) / Double(foldCount - number + 1)
      settings.plan.horizon = .seconds(max(left, 0.1))
    }
    return try TrainingRun(
      settings, corpus: corpus, path: path, overwrites: true, transfer: transfer,
      commandLine: commandLine)
  }

  /// Seconds that all folds have taken together.
  public var elapsedSeconds: Double {
    alreadyElapsed + (ContinuousClock.now - start) / .seconds(1)
  }

  /// The results as a JSON object: each fold's, their mean and standard deviation.
  public var json: JSONObject { FoldResult.json(results) }

  private func save() throws {
    let content = FoldsFile(
      foldCount: foldCount, settings: settings, corpus: .array(corpus.map(\.json)),
      transfer: transfer.map { ($0.part, $0.name) }, tokenizer: tokenizer,
      commandLine: commandLine, elapsedSeconds: elapsedSeconds, results: results)
    try AtomicFile.replace(
      folder.path(to: FoldsFile.name), with: Array((content.json.text() + "\n").utf8))
  }
}
