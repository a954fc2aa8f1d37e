package import TextLMTensors

extension SafetensorsFile {
  /// Opens the file at a path; errors name the path.
  package init(
    contentsOf path: String, limits: SafetensorsLimits = .ownModels, checksums: ChecksumPolicy
  ) throws {
    let file = try StoredFile(path)
    self = try StorageError.naming(path) {
      try SafetensorsFile(reading: file, limits: limits, checksums: checksums)
    }
  }

  /// Opens a file that textlm wrote, or its previous generation when the newest is damaged.
  ///
  /// `problem` says what was wrong with the newest and is worth a warning; when there is no
  /// usable previous generation, it is thrown.
  package static func newestReadable(
    at path: String
  ) throws -> (file: SafetensorsFile, path: String, problem: (any Error)?) {
    do {
      return (try SafetensorsFile(contentsOf: path, checksums: .required), path, nil)
    } catch let problem {
      let previous = AtomicFile.previousPath(of: path)
      do {
        let file = try SafetensorsFile(contentsOf: previous, checksums: .required)
        return (file, previous, problem)
      } catch {
        throw problem
      }
    }
  }
}

extension SafetensorsWriter {
  /// Writes the file at a path, whole or not at all, and reads it back with its checksums before
  /// it replaces the old one.
  package func write(
    to path: String, replaced: AtomicFile.Replaced = .dropped
  ) throws {
    try StorageError.naming(path) {
      try AtomicFile.replace(
        path, replaced: replaced,
        readBack: { _ = try SafetensorsFile(reading: $0, checksums: .required) },
        write: { try self.write(to: &$0) })
    }
  }
}

extension StorageError {
  /// Runs a closure that reads or writes a file and gives its safetensors errors the file's name.
  package static func naming<Result>(
    _ path: String, _ body: () throws -> Result
  ) throws -> Result {
    do {
      return try body()
    } catch let error as SafetensorsError {
      throw StorageError.safetensors(path: path, error)
    }
  }
}
