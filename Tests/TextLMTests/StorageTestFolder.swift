import Foundation
import Synchronization
import Testing

import TextLM

/// An empty folder for one test, removed with everything in it when the test lets go of it.
final class StorageTestFolder: Sendable {
  let path: String

  private static let lastingFolders = Mutex<[StorageTestFolder]>([])

  /// A folder for all tests, which only read it: it is removed when the process ends.
  static func lasting() throws -> StorageTestFolder {
    let folder = try StorageTestFolder()
    lastingFolders.withLock { folders in
      if folders.isEmpty {
        atexit {
          for folder in StorageTestFolder.lastingFolders.withLock({ $0 }) {
            try? FileManager.default.removeItem(atPath: folder.path)
          }
        }
      }
      folders.append(folder)
    }
    return folder
  }

  init() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent(
      "textlm-storage-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
    path = url.path
  }

  deinit {
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      Issue.record("\(path) could not be removed: \(error)")
    }
  }

  func path(_ name: String) -> String { path + "/" + name }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path(name)))
  }

  func text(_ name: String) throws -> String {
    String(decoding: try FileReader.bytes(at: path(name), atMost: 1 << 20), as: UTF8.self)
  }

  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
  }
}
