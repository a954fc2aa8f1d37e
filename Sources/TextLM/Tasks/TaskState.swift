/// The file `state.safetensors` of a task's training: all that it needs to go on as if it had never
/// stopped, and the weights that did best.
///
/// Tensors are those of the present snapshot, of the last good one where it is another, and the best
/// weights; the metadata holds the rest. One rename replaces it as a whole.
struct TaskState {
  static let format = "textlm-task"
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
    try StateFile.write(
      format: format, run: settings.json, progress: progress, commandLine: commandLine, tensors,
      to: path)
  }

  /// Reads the state at a path, or the one before it where that is damaged.
  init(contentsOf path: String, registry: ArchitectureRegistry) throws {
    let file = try StateFile(contentsOf: path, format: Self.format, owner: "textlm task")
    self.path = file.path
    (tensors, commandLine) = (file.tensors, file.commandLine)
    (settings, progress) = try TrainingError.naming(file.path) {
      (try TaskSettings(file.field("run"), registry: registry), try file.field("progress"))
    }
  }
}
