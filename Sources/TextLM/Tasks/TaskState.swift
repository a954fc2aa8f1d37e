/// The file `state.safetensors` of a task's training: all that it needs to go on as if it had never
/// stopped, and the weights that did best.
///
/// Tensors are those of the present snapshot, of the last good one where it is another, and the best
/// weights; the metadata holds the rest. One rename replaces it as a whole.
struct TaskState {
  static let format = "textlm-task"
  static let formatVersion = 1
  /// What the names of the last good snapshot's tensors begin with.
  static let goodPrefix = "good."
  /// What the names of the best weights begin with.
  static let bestPrefix = "best."

  let path: String
  let settings: TaskSettings
  let tensors: [String: Tensor]
  let progress: JSONField
  let commandLine: [String]

  /// Writes a state.
  static func write(
    _ settings: TaskSettings, progress: JSONValue, commandLine: [String],
    _ tensors: [(name: String, tensor: Tensor)], to path: String
  ) throws {
    let writer = try SafetensorsWriter(
      tensors.map { $0.tensor.safetensorsEntry(named: $0.name) },
      metadata: [
        ("format", format), ("format_version", "\(formatVersion)"),
        ("run", try settings.json.text()), ("progress", try progress.text()),
        ("command_line", try JSONValue.array(commandLine.map { JSONValue($0) }).text()),
      ])
    try writer.write(to: path, replaced: .kept)
  }

  /// Reads the state at a path, or the one before it where that is damaged.
  init(contentsOf path: String, registry: ArchitectureRegistry) throws {
    let (file, usedPath, _) = try SafetensorsFile.newestReadable(at: path)
    func field(_ key: String) throws -> JSONField {
      guard let text = file.metadata(key) else {
        throw TrainingError.damagedState(path: usedPath, problem: "no \(key) in its metadata")
      }
      return JSONField(try JSONValue(parsing: text), path: key)
    }
    self.path = usedPath
    (settings, tensors, progress, commandLine) = try TrainingError.naming(usedPath) {
      guard file.metadata("format") == Self.format,
        let version = file.metadata("format_version").flatMap({ Int($0) }), version > 0
      else {
        throw TrainingError.damagedState(
          path: usedPath, problem: "this is no state of a training of textlm task")
      }
      guard version <= Self.formatVersion else {
        throw ModelError.newerFormat(path: usedPath, version: version, known: Self.formatVersion)
      }
      return (
        try TaskSettings(field("run"), registry: registry),
        try StoredRun.tensors(of: file, path: usedPath), try field("progress"),
        try field("command_line").elements().map { try $0.string() }
      )
    }
  }
}
