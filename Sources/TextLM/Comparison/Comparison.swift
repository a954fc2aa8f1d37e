/// Trainings of several architectures on one corpus, for the same time each: which memory learns the
/// most from it.
///
/// The folder holds a run for each architecture under its name, whose model can be used, and
/// `compare.json`, from which the comparison goes on after a stop. It is locked while this object
/// exists.
public final class Comparison {
  /// The folder.
  public let folderPath: String
  /// What is trained, in this order.
  public var entries: [RunSettings] { file.entries }
  /// What has been found, in the same order, as far as it has been.
  public var results: [ComparisonResult] { file.results }
  /// What the comparison was begun with.
  public var commandLine: [String] { file.commandLine }
  /// Seconds that each training takes.
  public var seconds: Double { file.seconds }

  private let series: SeriesFolder<ComparisonFile>
  private let corpus: [CorpusFile]
  private var file: ComparisonFile
  private let start = ContinuousClock.now
  private let alreadyElapsed: Double

  /// What a comparison tells while it runs.
  public enum Event: Sendable {
    /// A training begins, of so many parameters.
    case began(architecture: String, parameterCount: Int)
    /// Something happened in it.
    case training(TrainingEvent)
    /// It ended.
    case ended(ComparisonResult)
  }

  /// Prepares a new comparison.
  ///
  /// - Parameters:
  ///   - entries: What is trained; no two of one architecture.
  ///   - seconds: The time of each training.
  ///   - corpus: What to learn from.
  ///   - path: The folder, which is created; one that holds a run is refused unless `overwrites`.
  ///   - commandLine: What is written into training cards.
  /// - Throws: What `TrainingRun` throws for a corpus that cannot be learned from or a folder that
  ///   cannot be used. What one of the trainings throws is its result.
  public init(
    _ entries: [RunSettings], seconds: Double, corpus: [CorpusFile], path: String,
    overwrites: Bool = false, commandLine: [String] = []
  ) throws {
    let names = entries.map { type(of: $0.model.architecture).name }
    precondition(
      !entries.isEmpty && Set(names).count == names.count,
      "comparison: \(names) are not distinct architectures")
    // Refused before anything is written.
    let prepared = try PreparedCorpus(corpus, entries[0].data)
    series = try SeriesFolder(creating: path, overwrites: overwrites)
    folderPath = path
    self.corpus = prepared.files
    let data = prepared.options
    file = ComparisonFile(
      seconds: seconds,
      entries: entries.map { entry in
        var entry = entry
        (entry.data.split, entry.data.reading) = (data.split, data.reading)
        entry.plan.horizon = .seconds(seconds)
        return entry
      },
      corpus: .array(prepared.files.map(\.json)),
      tokenizer: data.vocabulary.frozen == nil ? nil : prepared.tokenizer,
      commandLine: commandLine)
    alreadyElapsed = 0
    try save()
  }

  /// Prepares to go on with the comparison in a folder.
  ///
  /// Throws `TrainingError.noRun`, `.otherCorpus`, `.damagedState`; `StorageError`.
  public init(
    resuming path: String, corpus: [CorpusFile], validationFiles: [CorpusFile] = [],
    registry: ArchitectureRegistry = .builtIn
  ) throws {
    (series, file) = try SeriesFolder.opened(
      at: path, corpus: corpus, validationFiles: validationFiles, registry: registry)
    folderPath = path
    self.corpus = corpus
    alreadyElapsed = file.elapsedSeconds
  }

  /// Whether a folder holds a comparison.
  public static func exists(at path: String) -> Bool {
    SeriesFolder<ComparisonFile>.exists(at: path)
  }

  /// The rules by which the texts were read, to read them again by.
  public static func reading(ofComparisonAt path: String) throws -> ReadingRules {
    try SeriesFolder<ComparisonFile>.reading(at: path)
  }

  /// Seconds that the comparison has taken.
  public var elapsedSeconds: Double {
    alreadyElapsed + (ContinuousClock.now - start) / .seconds(1)
  }

  /// The results from the best to the worst; those that failed come last.
  public var ranking: [ComparisonResult] {
    results.sorted { left, right in
      (left.outcome?.natsPerToken ?? .infinity, left.architecture)
        < (right.outcome?.natsPerToken ?? .infinity, right.architecture)
    }
  }

  /// Trains what is left, or until `observe` answers false, which stops after a save.
  ///
  /// - Returns: Whether it was stopped.
  public func train(_ observe: (Event) -> Bool) throws -> Bool {
    for settings in entries.dropFirst(results.count) {
      guard let result = try train(settings, observe) else {
        try save()
        return true
      }
      file.results.append(result)
      try save()
      guard observe(.ended(result)) else { return true }
    }
    return false
  }

  /// Trains one architecture, on from where it was stopped; nil when it is stopped now.
  private func train(
    _ settings: RunSettings, _ observe: (Event) -> Bool
  ) throws -> ComparisonResult? {
    let name = type(of: settings.model.architecture).name
    func failed(_ error: any Error) -> ComparisonResult {
      ComparisonResult(architecture: name, failure: "\(error)", outcome: nil)
    }
    do {
      ProcessMemory.resetPeak()
      let run = try series.training(
        name, seconds: seconds, corpus: corpus, validationFiles: settings.data.split.files,
        commandLine: commandLine
      ) { settings }
      let parameterCount = run.model.parameters.reduce(0) { $0 + $1.shape.count }
      guard observe(.began(architecture: name, parameterCount: parameterCount)) else { return nil }
      let trained = try run.train { observe(.training($0)) }
      if trained.wasStopped { return nil }
      return ComparisonResult(
        architecture: name, failure: nil,
        outcome: trained.best.map { best in
          ComparisonResult.Outcome(
            parameterCount: parameterCount, stepCount: trained.progress.step,
            tokenCount: trained.progress.tokenCount, natsPerToken: best.natsPerToken,
            bitsPerCharacter: best.bitsPerCharacter,
            trainedPerSecond: trained.clock.tokensPerSecond,
            writtenPerSecond: Self.writingRate(run.model),
            peakBytes: ProcessMemory.peakBytes, elapsedSeconds: trained.clock.elapsedSeconds)
        })
    } catch let error as TrainingError {
      switch error {
      case .notFinite, .diverged: return failed(error)
      default: throw error
      }
    } catch let error as ArchitectureError {
      return failed(error)
    }
  }

  /// Characters of one text that a model writes in a second.
  private static func writingRate(_ model: any LanguageModel) -> Double {
    let reader = model.reader(precision: .float32)
    var sampler = Sampler([], random: RandomSource(seed: 1))
    var token = Vocabulary.boundary
    return Benchmark.medianRate(seconds: 0.5, warmUp: 1) {
      for _ in 0..<64 {
        token = sampler.next(reader.logits(after: [token]), excluding: [Vocabulary.unknown])
      }
      return 64
    }
  }

  /// Writes all that the comparison goes on from.
  private func save() throws {
    file.elapsedSeconds = elapsedSeconds
    try series.write(file)
  }
}
