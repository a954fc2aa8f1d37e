import ArgumentParser
import TextLM

/// Where the bytes of a result go: to a file, or to standard output for `-`.
enum ResultPath {
  static let standardOutput = "-"

  /// Refuses bytes that are no text on a terminal.
  static func checkTerminal(_ path: String) throws {
    if path == standardOutput, Console.outputIsTerminal {
      throw ValidationError(
        "the result is no text for a terminal: send standard output to a file or a pipe, or say with -o "
          + "where it goes")
    }
  }

  /// Refuses, before any work, a file in a folder that is not there.
  static func checkFolder(_ path: String) throws {
    guard path != standardOutput else { return }
    let folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[...$0]) }
    _ = try Folder(folder ?? ".")
  }

  /// Writes a result: a file whole or not at all.
  static func write(_ bytes: [UInt8], to path: String) throws {
    guard path == standardOutput else { return try AtomicFile.replace(path, with: bytes) }
    if Console.outputIsTerminal {
      try Console.standardOutput(untrusted: String(decoding: bytes, as: UTF8.self))
    } else {
      try Console.standardOutput(bytes)
    }
  }
}
