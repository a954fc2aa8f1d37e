/// A file `state.safetensors`: tensors, and in the metadata the settings as `run`, where the training is as
/// `progress`, the `command_line`, and what else belongs to it.
///
/// One rename replaces it as a whole, and the file before it is kept for the case that the disk damages
/// the newest.
struct StateFile {
  static let formatVersion = 1

  /// The file that was read, the newest or the one before it.
  let path: String
  /// What is wrong with the newest, where it is the one before it that was read.
  let warnings: [String]
  let tensors: [String: Tensor]
  let commandLine: [String]
  private let file: SafetensorsFile

  /// Writes a state of the given format.
  ///
  /// - Parameter others: More of the metadata, by their keys.
  static func write(
    format: String, run: JSONValue, progress: JSONValue, others: [(String, JSONValue)] = [],
    commandLine: [String], _ tensors: [(name: String, tensor: Tensor)], to path: String
  ) throws {
    let writer = try SafetensorsWriter(
      tensors.map { $0.tensor.safetensorsEntry(named: $0.name) },
      metadata: [
        ("format", format), ("format_version", "\(formatVersion)"),
        ("run", try run.text()), ("progress", try progress.text()),
        ("command_line", try JSONValue.array(commandLine.map { JSONValue($0) }).text()),
      ] + others.map { ($0.0, try $0.1.text()) })
    try writer.write(to: path, replaced: .kept)
  }

  /// Reads the state at a path, or the one before it where that is damaged; `owner` is what trains so, as
  /// messages call it.
  init(contentsOf path: String, format: String, owner: String) throws {
    let (file, usedPath, problem) = try SafetensorsFile.newestReadable(at: path)
    self.file = file
    self.path = usedPath
    warnings = Self.warnings(of: problem)
    (tensors, commandLine) = try TrainingError.naming(usedPath) {
      guard file.metadata("format") == format,
        let version = file.metadata("format_version").flatMap({ Int($0) }), version > 0
      else {
        throw TrainingError.damagedState(
          path: usedPath, problem: "this is no state of a training of \(owner)")
      }
      guard version <= Self.formatVersion else {
        throw ModelError.newerFormat(path: usedPath, version: version, known: Self.formatVersion)
      }
      return (
        try StoredRun.tensors(of: file, path: usedPath),
        try Self.field("command_line", of: file, usedPath).elements().map { try $0.string() }
      )
    }
  }

  /// What is told where the newest state of a training could not be read.
  static func warnings(of problem: (any Error)?) -> [String] {
    problem.map { ["\($0); going on from the state before it"] } ?? []
  }

  /// What the metadata has at a key.
  func field(_ key: String) throws -> JSONField { try Self.field(key, of: file, path) }

  private static func field(
    _ key: String, of file: SafetensorsFile, _ path: String
  ) throws -> JSONField {
    guard let text = file.metadata(key) else {
      throw TrainingError.damagedState(path: path, problem: "no \(key) in its metadata")
    }
    return JSONField(try JSONValue(parsing: text), path: key)
  }
}
