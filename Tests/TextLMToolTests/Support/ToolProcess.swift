import Foundation

/// The built `textlm` running in a folder, with its standard streams in files.
///
/// It is started by a shell that changes to the folder, sets limits and then becomes `textlm`, with
/// all signals at their defaults: a test run in the background would pass on an ignored SIGINT.
final class ToolProcess: @unchecked Sendable {
  // Only `wait` changes anything, and a process is waited for by the test that started it.
  let process: pid_t
  private let outputPath: String
  private let errorPath: String
  private let start = ContinuousClock.now
  private var result: ToolResult?

  struct StartError: Error {
    let code: Int32
  }

  /// - Parameters:
  ///   - arguments: Those of `textlm`.
  ///   - folder: Where it runs.
  ///   - input: The path of the file that is standard input.
  ///   - prelude: Shell commands before it starts, such as `ulimit -f 100`.
  ///   - wrapper: A program with arguments that starts it in its turn.
  ///   - terminal: The terminal that all standard streams are, instead of files.
  init(
    _ arguments: [String], in folder: String, input: String = "/dev/null",
    environment: [String: String] = [:], prelude: String = ":", wrapper: [String] = [],
    terminal: String? = nil
  ) throws {
    let place = ToolFolder.newPath("streams")
    outputPath = place + "-output"
    errorPath = place + "-errors"
    let tool = try ToolBinary.path()
    let words =
      ["sh", "-c", "cd \"$1\" && shift && \(prelude) && exec \"$@\"", "sh", folder] + wrapper
      + [tool] + arguments
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    let create = O_WRONLY | O_CREAT | O_TRUNC
    posix_spawn_file_actions_addopen(&actions, 0, terminal ?? input, O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, terminal ?? outputPath, create, 0o644)
    posix_spawn_file_actions_addopen(&actions, 2, terminal ?? errorPath, create, 0o644)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigdefault(&attributes, &all)
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    let variables = Self.environment.merging(environment) { $1 }.map { "\($0)=\($1)" }
    var argv = words.map { strdup($0) } + [nil]
    var envp = variables.map { strdup($0) } + [nil]
    defer { for pointer in argv + envp { free(pointer) } }
    var number = pid_t()
    let code = posix_spawn(&number, "/bin/sh", &actions, &attributes, &argv, &envp)
    guard code == 0 else { throw StartError(code: code) }
    process = number
  }

  /// What a person's shell would pass on, without settings of textlm's own.
  private static let environment: [String: String] = {
    let own = ProcessInfo.processInfo.environment
    var kept = own.filter { ["PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH"].contains($0.key) }
    kept["SWIFT_BACKTRACE"] = "enable=no"
    return kept
  }()

  func send(_ signal: Int32) {
    kill(process, signal)
  }

  /// Standard error so far.
  var errorsSoFar: String { Self.text(at: errorPath) }
  /// Standard output so far.
  var outputSoFar: String { Self.text(at: outputPath) }

  /// Whether it has ended.
  var hasEnded: Bool {
    var status: Int32 = 0
    if result == nil, waitpid(process, &status, WNOHANG) == process { finish(status) }
    return result != nil
  }

  /// Waits for the end; after `limit` seconds the process is killed.
  func wait(limit: Double = 120) async throws -> ToolResult {
    while !hasEnded {
      if (ContinuousClock.now - start) / .seconds(1) > limit { send(SIGKILL) }
      try await Task.sleep(for: .milliseconds(3))
    }
    guard let result else { throw StartError(code: ECHILD) }
    return result
  }

  /// Waits until `condition` holds or the process ends; false when neither happens in a minute.
  func waitUntil(_ condition: () throws -> Bool) async throws -> Bool {
    let begin = ContinuousClock.now
    while (ContinuousClock.now - begin) / .seconds(1) < 60 {
      if try condition() { return true }
      if hasEnded { return try condition() }
      try await Task.sleep(for: .milliseconds(3))
    }
    return false
  }

  private func finish(_ status: Int32) {
    let signal = status & 0x7F
    result = ToolResult(
      exitCode: signal == 0 ? status >> 8 & 0xFF : nil, signal: signal == 0 ? nil : signal,
      output: Self.text(at: outputPath), errors: Self.text(at: errorPath),
      seconds: (ContinuousClock.now - start) / .seconds(1))
    unlink(outputPath)
    unlink(errorPath)
  }

  private static func text(at path: String) -> String {
    String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
  }
}
