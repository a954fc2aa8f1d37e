import TextLM

/// Writes the training of a network that classifies for TensorBoard, where that is wanted.
struct ClassifierBoard {
  /// What went wrong, after which nothing is written.
  private(set) var error: (any Error)?
  private let folder: String?
  private let runName: String
  private var log: TensorBoardLog?

  /// Writes into a folder of the run's name in `folder`; nothing where that is nil.
  init(folder: String?, runName: String) {
    self.folder = folder
    self.runName = runName
  }

  /// Writes what happened; false when that cannot be done, and the training is to stop.
  mutating func take(_ event: ClassifierTrainingEvent) -> Bool {
    guard let folder, error == nil, case .network(let event) = event else { return error == nil }
    do {
      if case .begin(let step) = event {
        log = try TensorBoardLog(folder: folder, runName: runName, after: step)
      }
      try log?.append(event)
    } catch {
      self.error = error
    }
    return error == nil
  }
}
