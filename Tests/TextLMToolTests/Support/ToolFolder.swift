import Foundation
import Testing

/// An empty folder in which the command runs; removed when the test lets go of it.
final class ToolFolder: Sendable {
  let path: String

  init(at path: String = ToolFolder.newPath("folder")) throws {
    self.path = path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  deinit {
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      Issue.record("\(path) could not be removed: \(error)")
    }
  }

  /// A place that nobody else uses.
  static func newPath(_ kind: String) -> String {
    FileManager.default.temporaryDirectory.appending(path: "textlm-\(kind)-\(UUID().uuidString)")
      .path
  }

  func path(_ name: String) -> String { path + "/" + name }

  func write(_ text: String, to name: String) throws {
    try write(Data(text.utf8), to: name)
  }

  func write(_ bytes: Data, to name: String) throws {
    try bytes.write(to: URL(filePath: path(name)))
  }

  func bytes(_ name: String) throws -> Data {
    try Data(contentsOf: URL(filePath: path(name)))
  }

  func text(_ name: String) throws -> String {
    String(decoding: try bytes(name), as: UTF8.self)
  }

  func contains(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: path(name))
  }

  /// The names in a folder of this one, sorted.
  func names(in name: String = ".") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path(name)).sorted()
  }

  /// Runs the command to its end.
  func run(
    _ arguments: String..., input: String? = nil, environment: [String: String] = [:],
    prelude: String = ":", wrapper: [String] = []
  ) async throws -> ToolResult {
    try await run(
      arguments, input: input, environment: environment, prelude: prelude, wrapper: wrapper)
  }

  /// Runs the command to its end; after `limit` seconds it is killed.
  func run(
    _ arguments: [String], input: String? = nil, environment: [String: String] = [:],
    prelude: String = ":", wrapper: [String] = [], limit: Double = 120
  ) async throws -> ToolResult {
    var inputPath = "/dev/null"
    if let input {
      inputPath = Self.newPath("input")
      try Data(input.utf8).write(to: URL(filePath: inputPath))
    }
    defer { if input != nil { unlink(inputPath) } }
    await ToolGate.shared.enter()
    do {
      let process = try ToolProcess(
        arguments, in: path, input: inputPath, environment: environment, prelude: prelude,
        wrapper: wrapper)
      let result = try await process.wait(limit: limit)
      await ToolGate.shared.leave()
      return result
    } catch {
      await ToolGate.shared.leave()
      throw error
    }
  }

  /// Starts the command without waiting.
  func start(_ arguments: [String], terminal: String? = nil) throws -> ToolProcess {
    try ToolProcess(arguments, in: path, terminal: terminal)
  }
}

/// Lets a few processes run at a time: all tests begin at once.
actor ToolGate {
  static let shared = ToolGate(places: 3)
  private var places: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(places: Int) {
    self.places = places
  }

  func enter() async {
    if places > 0 {
      places -= 1
    } else {
      await withCheckedContinuation { waiting.append($0) }
    }
  }

  func leave() {
    if waiting.isEmpty {
      places += 1
    } else {
      waiting.removeFirst().resume()
    }
  }
}
