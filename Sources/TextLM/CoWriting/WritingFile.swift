import TextLMTensors

/// The file of a text that is written together with a model, as it was when it was read or saved last.
///
/// What another program wrote there meanwhile is not replaced: the text is then saved beside it.
package struct WritingFile: Sendable {
  /// Where the text is now.
  package enum Outcome: Sendable, Equatable {
    /// In the file.
    case saved
    /// In another file, because the one that was asked for is no longer what it was.
    case savedBeside(path: String)
  }

  /// What tells one content from another.
  private struct Content: Sendable, Equatable {
    let byteCount: Int
    let sha256: String
  }

  /// What the file is known to hold; nil when there is none.
  private var known: Content?

  /// A file that was read; nil for a text that has none yet.
  package init(_ file: CorpusFile?) {
    known = file.map { Content(byteCount: $0.byteCount, sha256: $0.sha256) }
  }

  /// Writes the text, whole or not at all, to a path, or beside it when there is something else than
  /// what was read or saved last. Throws `StorageError`.
  package mutating func save(_ text: String, to path: String) throws -> Outcome {
    let isOurs = try holdsWhatIsKnown(path)
    let target = isOurs ? path : Self.freePath(path + ".mine")
    let bytes = Array(text.utf8)
    try AtomicFile.replace(target, with: bytes)
    known = Self.content(bytes)
    return isOurs ? .saved : .savedBeside(path: target)
  }

  /// A path at which there is nothing: the wanted one, or one with a number behind it.
  package static func freePath(_ wanted: String) -> String {
    var path = wanted
    var number = 2
    while AtomicFile.replacesFile(at: path) {
      path = "\(wanted)-\(number)"
      number += 1
    }
    return path
  }

  /// Whether nothing would be lost by replacing what is at a path.
  private func holdsWhatIsKnown(_ path: String) throws -> Bool {
    do {
      let bytes = try FileReader.bytes(at: path, atMost: known?.byteCount ?? 0)
      return Self.content(bytes) == known
    } catch StorageError.missing {
      return true
    } catch StorageError.tooLarge {
      return false
    }
  }

  private static func content(_ bytes: [UInt8]) -> Content {
    var hash = SHA256()
    hash.update(bytes)
    return Content(byteCount: bytes.count, sha256: hash.hexDigest)
  }
}
