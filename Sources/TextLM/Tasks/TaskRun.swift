/// The training of a task in a folder of its own, which can be stopped at any moment and goes on from
/// its last save.
///
/// The folder holds `state.safetensors`, everything to go on and the best weights; `log.jsonl`, a row for
/// each evaluation; and `report.html`. It is locked while this object exists.
public final class TaskRun {
  /// The folder.
  public let folderPath: String
  /// What decides what the training does.
  public private(set) var settings: TaskSettings
  /// What it was begun with.
  public let commandLine: [String]
  let folder: Folder
  let resumed: TaskState?
  private let lock: RunLock

  /// Prepares a new training.
  ///
  /// The folder is created; one that holds a run is refused unless `overwrites`. Throws
  /// `ArchitectureError` for a model too large for this machine's memory, `TrainingError.runExists`,
  /// `StorageError`.
  public init(
    _ settings: TaskSettings, path: String, overwrites: Bool = false, commandLine: [String] = []
  ) throws {
    try settings.checkMemory()
    self.settings = settings
    folderPath = path
    self.commandLine = commandLine
    (folder, lock) = try Folder.forNewRun(at: path, overwrites: overwrites)
    resumed = nil
  }

  /// Prepares to go on with the training in a folder, to another end unless `horizon` is nil.
  ///
  /// Throws `TrainingError.noRun`, `.damagedState`; `TaskError.otherTask` where the folder's task is not
  /// `name`; `StorageError`.
  public init(
    resuming path: String, task name: String, horizon: LearningRatePlan.Horizon? = nil,
    registry: ArchitectureRegistry = .builtIn
  ) throws {
    folder = try RunState.folder(ofRunAt: path)
    lock = try folder.lockedToGoOn()
    let state = try TaskState(contentsOf: folder.path(to: RunState.name), registry: registry)
    let stored = type(of: state.settings.task).name
    guard stored.utf8.elementsEqual(name.utf8) else {
      throw TaskError.otherTask(path: path, stored: stored, given: name)
    }
    folderPath = path
    settings = state.settings
    if let horizon { settings.plan.horizon = horizon }
    commandLine = state.commandLine
    resumed = state
  }

  /// Trains to the end, or until `observe` answers false, which stops it after a save.
  ///
  /// Throws `TaskError.diverged`, and `StorageError` when the disk refuses; what was saved before
  /// stays.
  public func train(_ observe: (TaskEvent) -> Bool) throws -> TaskResult {
    try train(settings.architecture, observe)
  }

  private func train<Kind: CausalArchitecture>(
    _ architecture: Kind, _ observe: (TaskEvent) -> Bool
  ) throws -> TaskResult {
    let source = RandomParameters(seed: settings.trainer.seed)
    guard settings.isBidirectional else {
      let model = try TaskModel(
        settings.task, embeddingSize: settings.embeddingSize, from: source
      ) { try architecture.makeEncoder(inputSize: $0, in: $1) }
      return try TaskLoop(self, model).train(observe)
    }
    let model = try TaskModel(
      settings.task, embeddingSize: settings.embeddingSize, from: source
    ) { try architecture.makeBidirectional(inputSize: $0, in: $1) }
    return try TaskLoop(self, model).train(observe)
  }

  /// Measures a model on sequences of several lengths, which are the same every time.
  func measure<Encoder: SequenceEncoder>(
    _ model: TaskModel<Encoder>, _ lengths: ClosedRange<Int>
  ) -> TaskMeasure {
    let task = settings.task
    var random = RandomSource(seed: settings.trainer.seed).stream("measure \(lengths)")
    var measure = TaskMeasure(length: lengths.upperBound)
    var stepCount = 0
    // As many as tell a tenth of a wrong bit, or as take no longer than a few dozen steps.
    while measure.sequenceCount < Self.fewestSequences
      || measure.sequenceCount < Self.mostSequences && stepCount < Self.mostTokens
    {
      let batch = task.batch(
        length: lengths.lowerBound + random.nextInt(below: lengths.count),
        size: Self.measuredBatchSize, random: &random)
      measure.add(model(batch, .inference()), batch, task.output)
      stepCount += batch.timeLength * batch.batchSize
    }
    return measure
  }

  private static let measuredBatchSize = 32
  private static let fewestSequences = 64
  private static let mostSequences = 512
  private static let mostTokens = 30_000
}
