/// A search for the settings that learn a text best in a given time: at random, with successive
/// halving as `HalvingPlan` says, in the space that `TuningSpace` says.
///
/// The first candidate is what `AutomaticPlan` chooses, so that the search does not end below the
/// defaults by bad luck; all others follow from the seed alone. The folder holds `tune.json`, from
/// which the search goes on after a stop, `model.safetensors`, the best model so far, and the log of
/// each candidate's last training in `candidate-1` and so on. It is locked while this object exists.
public final class Tuning {
  /// The folder.
  public let folderPath: String
  /// How the time is divided.
  public let plan: HalvingPlan
  /// All candidates, by their numbers.
  public var candidates: [TuningCandidate] { file.candidates }
  /// What has been found, in the order in which it was.
  public var results: [TuningResult] { file.results }
  /// What all trainings have in common.
  public var settings: RunSettings { file.settings }
  /// What the search was begun with.
  public var commandLine: [String] { file.commandLine }

  let series: SeriesFolder<TuningFile>
  let corpus: [CorpusFile]
  var file: TuningFile
  private let start = ContinuousClock.now
  private let alreadyElapsed: Double

  /// What a search tells while it runs.
  public enum Event: Sendable {
    /// A training of a candidate begins.
    case began(TuningCandidate, rung: Int, seconds: Double)
    /// Something happened in it.
    case training(TrainingEvent)
    /// It ended; `isBest` says whether its model is the best so far, and was kept.
    case ended(TuningCandidate, TuningResult, isBest: Bool)
  }

  /// Prepares a new search.
  ///
  /// - Parameters:
  ///   - settings: What candidates do not decide.
  ///   - seconds: The time of the whole search.
  ///   - candidateCount: How many; nil chooses by the time.
  ///   - corpus: What to learn from.
  ///   - path: The folder, which is created; one that holds a search or a run is refused unless
  ///     `overwrites`.
  ///   - commandLine: What is written into training cards.
  /// - Throws: What `TrainingRun` throws.
  public init(
    _ settings: RunSettings, seconds: Double, candidateCount: Int? = nil, corpus: [CorpusFile],
    path: String, overwrites: Bool = false, commandLine: [String] = []
  ) throws {
    plan = HalvingPlan(seconds: seconds, candidateCount: candidateCount)
    var settings = settings
    // Refused before anything is written.
    let prepared = try PreparedCorpus(corpus, settings.data)
    settings.data = prepared.options
    let characterCount = prepared.files.reduce(0) { $0 + $1.characterCount }
    let space = TuningSpace(characterCount: characterCount, seconds: plan.longestTraining)
    let automatic = AutomaticPlan(
      characterCount: characterCount, seconds: plan.longestTraining,
      precision: settings.trainer.precision)
    let seed = settings.trainer.seed
    let candidates =
      [TuningCandidate(automatic, weightDecay: settings.trainer.weightDecay)]
      + (2...plan.rungs[0]).map { space.candidate($0, seed: seed) }
    series = try SeriesFolder(creating: path, overwrites: overwrites)
    folderPath = path
    self.corpus = prepared.files
    file = TuningFile(
      seconds: seconds, seed: seed, candidates: candidates, settings: settings,
      corpus: .array(prepared.files.map(\.json)),
      tokenizer: settings.data.vocabulary.frozen == nil ? nil : prepared.tokenizer,
      commandLine: commandLine)
    alreadyElapsed = 0
    try save()
  }

  /// Prepares to go on with the search in a folder.
  ///
  /// Throws `TrainingError.noRun`, `.otherCorpus`, `.damagedState`; `StorageError`.
  public init(
    resuming path: String, corpus: [CorpusFile], validationFiles: [CorpusFile] = [],
    registry: ArchitectureRegistry = .builtIn
  ) throws {
    (series, file) = try SeriesFolder.opened(
      at: path, corpus: corpus, validationFiles: validationFiles, registry: registry)
    folderPath = path
    plan = file.plan
    self.corpus = corpus
    alreadyElapsed = file.elapsedSeconds
  }

  /// Whether a folder holds a search.
  public static func exists(at path: String) -> Bool {
    SeriesFolder<TuningFile>.exists(at: path)
  }

  /// The rules by which the texts were read, to read them again by.
  public static func reading(ofSearchAt path: String) throws -> ReadingRules {
    try SeriesFolder<TuningFile>.reading(at: path)
  }

  /// The folder of a candidate's training within the search's.
  static func name(ofCandidate number: Int) -> String { "candidate-\(number)" }

  /// Seconds that the search has taken.
  public var elapsedSeconds: Double {
    alreadyElapsed + (ContinuousClock.now - start) / .seconds(1)
  }

  /// The best result of all, and whose it is.
  public var best: (candidate: TuningCandidate, result: TuningResult)? {
    guard
      let result = results.filter({ $0.natsPerToken != nil }).min(by: {
        ($0.natsPerToken ?? .infinity) < ($1.natsPerToken ?? .infinity)
      })
    else { return nil }
    return (candidates[result.candidate - 1], result)
  }

  /// Searches to the end, or until `observe` answers false, which stops after a save.
  ///
  /// - Returns: Whether it was stopped.
  public func search(_ observe: (Event) -> Bool) throws -> Bool {
    for rung in plan.rungs.indices {
      if file.trainingSeconds.count == rung {
        file.trainingSeconds.append(
          plan.trainingSeconds(rung: rung, elapsedSeconds: elapsedSeconds))
        try save()
      }
      for candidate in entrants(rung) where !hasResult(candidate, rung) {
        let seconds = file.trainingSeconds[rung]
        guard observe(.began(candidate, rung: rung, seconds: seconds)) else { return try stop() }
        guard
          let result = try train(candidate, rung, seconds, { observe(.training($0)) })
        else { return try stop() }
        let isBest = try keep(result, of: candidate)
        guard observe(.ended(candidate, result, isBest: isBest)) else { return try stop() }
      }
    }
    return false
  }

  private func stop() throws -> Bool {
    try save()
    return true
  }

  /// The candidates of a rung: all in the first, then the best of the one before.
  private func entrants(_ rung: Int) -> [TuningCandidate] {
    guard rung > 0 else { return candidates }
    let ranked = results.filter { $0.rung == rung - 1 }.sorted {
      let (left, right) = ($0.natsPerToken ?? .infinity, $1.natsPerToken ?? .infinity)
      return left == right ? $0.candidate < $1.candidate : left < right
    }
    return ranked.prefix(plan.rungs[rung]).map { candidates[$0.candidate - 1] }
  }

  private func hasResult(_ candidate: TuningCandidate, _ rung: Int) -> Bool {
    results.contains { $0.candidate == candidate.number && $0.rung == rung }
  }

  /// Writes all that the search goes on from.
  func save() throws {
    file.elapsedSeconds = elapsedSeconds
    try series.write(file)
  }
}
