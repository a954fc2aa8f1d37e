extension Folder {
  /// Whether there is something called `name`.
  func contains(_ name: String) -> Bool {
    SystemCalls.exists(path(to: name))
  }

  /// A folder for whatever trains, created and locked, without the files of an earlier run.
  ///
  /// Throws `TrainingError.runExists` where there is one that is not to be replaced; `StorageError`.
  static func forNewRun(
    at path: String, overwrites: Bool
  ) throws -> (folder: Folder, lock: RunLock) {
    let (folder, lock) = try reserved(at: path, overwrites: overwrites)
    try folder.removeStaleTemporaries()
    try folder.removeRunFiles()
    return (folder, lock)
  }

  /// Runs `make` while a folder is created, locked and found to be free or to be overwritten, and `write`
  /// with what it made once the files of an earlier run are gone.
  ///
  /// What is made takes its time and may come to nothing: what was in the folder is then untouched, and a
  /// folder that was not there is not there again. Throws as `forNewRun(at:overwrites:)` does.
  static func forNewRun<Made>(
    at path: String, overwrites: Bool, make: () throws -> Made,
    write: (Made, Folder) throws -> Void
  ) throws -> Made {
    let wasThere = SystemCalls.exists(path)
    let (folder, lock) = try reserved(at: path, overwrites: overwrites)
    return try withExtendedLifetime(lock) {
      let made: Made
      do {
        made = try make()
      } catch {
        if !wasThere {
          try SystemCalls.removeFile(folder.path(to: RunLock.fileName))
          try SystemCalls.removeFolderIfEmpty(folder.path)
        }
        throw error
      }
      try folder.removeStaleTemporaries()
      try folder.removeRunFiles()
      try write(made, folder)
      return made
    }
  }

  /// A folder that is created and locked, and holds no run that is to be kept.
  private static func reserved(
    at path: String, overwrites: Bool
  ) throws -> (folder: Folder, lock: RunLock) {
    let folder = try Folder(creating: path)
    let lock = try RunLock(folder: folder)
    try folder.checkWritable()
    guard overwrites || !folder.holdsRun else { throw TrainingError.runExists(path: path) }
    return (folder, lock)
  }

  /// The lock of a run that goes on in this folder, rid of what an earlier process left half written.
  func lockedToGoOn() throws(StorageError) -> RunLock {
    let lock = try RunLock(folder: self)
    try checkWritable()
    try removeStaleTemporaries()
    return lock
  }

  /// Whether it holds a training, or those of several folds or of a search.
  var holdsRun: Bool {
    RunState.exists(in: self)
      || [ModelFile.name, FoldsFile.name, TuningFile.name, ComparisonFile.name]
        .contains(where: contains)
  }

  /// Removes the files of a run, of its folds and of a search, and nothing else that lies in the
  /// folder.
  func removeRunFiles() throws(StorageError) {
    try removeState()
    for name in [RunLog.name, RunReport.name, CopyIndex.fileName] {
      try SystemCalls.removeFile(path(to: name))
      try SystemCalls.removeFile(path(to: AtomicFile.previousPath(of: name)))
    }
    try removeParts(of: FoldsFile.name, CrossValidation.name(ofFold:))
    try removeParts(of: TuningFile.name, Tuning.name(ofCandidate:))
    try removeParts(
      of: ComparisonFile.name, ArchitectureRegistry.builtIn.all.map { $0.name })
  }

  /// Removes the model and all that a training would go on from; what tells of it stays.
  func removeState() throws(StorageError) {
    for name in [RunState.name, ModelFile.name] {
      try SystemCalls.removeFile(path(to: name))
      try SystemCalls.removeFile(path(to: AtomicFile.previousPath(of: name)))
    }
  }

  /// Removes a file that tells of runs, and the runs in the folders with the names of 1, 2 and so on.
  private func removeParts(
    of file: String, _ name: (Int) -> String
  ) throws(StorageError) {
    var names: [String] = []
    while SystemCalls.kind(of: path(to: name(names.count + 1))) == .folder {
      names.append(name(names.count + 1))
    }
    try removeParts(of: file, names)
  }

  /// The same for folders of any names, of which there may be fewer.
  private func removeParts(of file: String, _ names: [String]) throws(StorageError) {
    guard contains(file) else { return }
    for path in names.map({ path(to: $0) }) where SystemCalls.kind(of: path) == .folder {
      let part = try Folder(path)
      try part.removeRunFiles()
      for name in [TokenFile.name, RunLock.fileName] {
        try SystemCalls.removeFile(part.path(to: name))
      }
      try SystemCalls.removeFolderIfEmpty(path)
    }
    // Last, so that a removal that was interrupted is found again.
    try SystemCalls.removeFile(path(to: file))
  }
}
