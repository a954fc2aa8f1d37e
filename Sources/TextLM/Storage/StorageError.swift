public import TextLMTensors

/// Who trains in a run folder, as written in its lock file.
public struct LockHolder: Equatable, Sendable {
  /// The process identifier on `host`.
  public let process: Int
  /// The name of the machine.
  public let host: String
  /// When the lock was taken, in UTC, such as `2026-01-31T12:00:00Z`.
  public let started: String
}

/// Why a file or folder cannot be used. The text names the path and what to do next.
public enum StorageError: Error, Equatable, Sendable {
  /// There is nothing at the path.
  case missing(path: String)
  /// The path leads to something that is no regular file, such as a folder.
  case notAFile(path: String, kind: String)
  /// A folder is needed and the path leads to something else.
  case notAFolder(path: String)
  /// The path is empty, contains a NUL byte, or does not name a file.
  case invalidPath(path: String)
  /// The file has more bytes than are read.
  case tooLarge(path: String, byteCount: Int, limit: Int)
  /// The file ended early: somebody is changing it.
  case shrank(path: String, expected: Int, found: Int)
  /// The file is not the one that was read before: somebody has changed it.
  case changed(path: String)
  /// The folder has no file that can be read.
  case noFiles(path: String)
  /// The compressed file cannot be read.
  case compressed(path: String, problem: String)
  /// What was read back differs from what was written.
  case readBackFailed(path: String, expected: Int, found: Int)
  /// Another process uses the run folder; the command exits with 75.
  case locked(path: String, holder: LockHolder?)
  /// A call to the system failed; `code` is its `errno`.
  case system(operation: String, path: String, code: Int32)
  /// The file is no safetensors file that can be used.
  case safetensors(path: String, SafetensorsError)
  /// The file is not the JSON it should be.
  case json(path: String, JSONError)
  /// A line of a log, counted from 1, is not JSON.
  case jsonLine(path: String, line: Int, JSONError)
}
