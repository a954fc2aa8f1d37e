/// What a person who ran the command was left with.
struct ToolResult {
  /// The exit code; nil when a signal ended the process.
  var exitCode: Int32?
  /// The signal that ended the process.
  var signal: Int32?
  /// Standard output.
  var output: String
  /// Standard error.
  var errors: String
  /// From start to end.
  var seconds: Double

  /// Lines of standard output.
  var lines: [String] { output.split(separator: "\n").map(String.init) }
  /// Lines of standard error.
  var errorLines: [String] { errors.split(separator: "\n").map(String.init) }
}
