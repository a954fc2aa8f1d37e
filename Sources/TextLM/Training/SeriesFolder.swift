/// What several trainings in one folder go on from: its file there.
protocol SeriesFile: Sendable {
  /// The file's name in the folder.
  static var name: String { get }
  /// The texts that are learned from, as `CorpusFile` describes them.
  var corpus: JSONValue { get }
  /// What is written into training cards.
  var commandLine: [String] { get }
  /// What it holds.
  var json: JSONValue { get }
  /// Reads a file, which may come from anywhere.
  init(_ json: JSONField, validationFiles: [CorpusFile], registry: ArchitectureRegistry) throws
  /// The settings of a training, of which all have the same rules of reading texts; nil in a file that
  /// has none.
  static func run(in json: JSONField) throws -> JSONField?
}

/// A folder of several trainings, which is locked while this value exists.
struct SeriesFolder<File: SeriesFile> {
  /// The folder.
  let folder: Folder
  private let lock: RunLock

  /// A folder for new trainings; one that holds a run is refused unless `overwrites`.
  init(creating path: String, overwrites: Bool) throws {
    (folder, lock) = try Folder.forNewRun(at: path, overwrites: overwrites)
  }

  /// A folder whose trainings go on, with its file.
  ///
  /// Throws `TrainingError.noRun`, `.otherCorpus`, `.damagedState`; `StorageError`.
  static func opened(
    at path: String, corpus: [CorpusFile], validationFiles: [CorpusFile],
    registry: ArchitectureRegistry
  ) throws -> (series: SeriesFolder, file: File) {
    guard exists(at: path) else { throw TrainingError.noRun(path: path) }
    let series = try SeriesFolder(goingOnIn: Folder(path))
    let filePath = series.folder.path(to: File.name)
    let file = try TrainingError.naming(filePath) {
      try File(
        JSONField(FileReader.json(at: filePath), path: File.name),
        validationFiles: validationFiles, registry: registry)
    }
    try StoredRun.checkCorpus(corpus, JSONField(file.corpus, path: "corpus"), path: filePath)
    return (series, file)
  }

  private init(goingOnIn folder: Folder) throws {
    self.folder = folder
    lock = try folder.lockedToGoOn()
  }

  /// Whether a folder holds such trainings.
  static func exists(at path: String) -> Bool {
    SystemCalls.exists(path + "/" + File.name)
  }

  /// The rules by which the texts were read, to read them again by.
  static func reading(at path: String) throws -> ReadingRules {
    guard exists(at: path) else { throw TrainingError.noRun(path: path) }
    let file = path + "/" + File.name
    return try TrainingError.naming(file) {
      try File.run(in: JSONField(FileReader.json(at: file), path: File.name))
        .map { try ReadingRules($0) } ?? ReadingRules()
    }
  }

  /// The training called `name`, on from where it was stopped or a new one of `seconds`.
  func training(
    _ name: String, seconds: Double, corpus: [CorpusFile], validationFiles: [CorpusFile],
    commandLine: [String], settings: () throws -> RunSettings
  ) throws -> TrainingRun {
    let path = folder.path(to: name)
    // A state is there only while a training is under way.
    if SystemCalls.exists(path), RunState.exists(in: try Folder(path)) {
      return try TrainingRun(resuming: path, corpus: corpus, validationFiles: validationFiles)
    }
    let begin = ContinuousClock.now
    let run = try TrainingRun(
      settings(), corpus: corpus, path: path, overwrites: true, commandLine: commandLine)
    // Preparing comes out of the time too: all get the same.
    let prepared = (ContinuousClock.now - begin) / .seconds(1)
    run.setHorizon(.seconds(max(0.05, seconds - prepared)))
    return run
  }

  /// Writes the file.
  func write(_ file: File) throws {
    try AtomicFile.replace(
      folder.path(to: File.name), with: Array((file.json.text() + "\n").utf8))
  }
}
