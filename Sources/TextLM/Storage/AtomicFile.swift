import TextLMTensors

/// A file being written that replaces another one whole or not at all.
///
/// Whenever the process dies or the power fails, the path holds the old content or the new one,
/// never a part. The content goes to a temporary file in the same folder, which is flushed to the
/// disk, closed, read back, and renamed; then the folder is flushed. Who may read and write the old
/// file may read and write the new one, and nobody else.
package struct AtomicFile: ~Copyable, ByteSink {
  /// What happens to the content that is replaced.
  package enum Replaced: Sendable {
    /// It is gone once the new content is on the disk and was read back.
    case dropped
    /// It stays one more generation beside the new file, at `previousPath(of:)`.
    case kept
  }

  private let descriptor: Descriptor
  /// Bytes written so far.
  package private(set) var byteCount = 0

  private init(_ descriptor: consuming Descriptor) {
    self.descriptor = descriptor
  }

  /// Appends bytes to the new content.
  package mutating func write(_ bytes: UnsafeRawBufferPointer) throws {
    try descriptor.write(bytes)
    byteCount += bytes.count
  }

  /// Appends bytes to the new content.
  package mutating func write(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { try write($0) }
  }

  /// Replaces the file at `path`, or creates it, with what `body` writes.
  ///
  /// The length is always read back; `readBack` may check more. When anything fails, the old file
  /// is untouched, the temporary is removed and the error is passed on. An error after the rename,
  /// from flushing the folder, means that the new content is there and may not survive a power
  /// cut. Throws `StorageError`, or what the closures throw.
  package static func replace(
    _ path: String, replaced: Replaced = .dropped,
    readBack: (StoredFile) throws -> Void = { _ in },
    write body: (inout AtomicFile) throws -> Void
  ) throws {
    let (folderPath, name) = try split(path)
    let folder = try Descriptor(opening: folderPath, .folder)
    // Found out before the work instead of by the rename after it.
    if let status = try folder.status(of: name) {
      switch status.kind {
      case .file, .link: break  // A link is replaced, not what it leads to.
      case .folder: throw StorageError.notAFile(path: path, kind: "a folder")
      // A device or a pipe would be gone for everybody.
      case .other(let kind): throw StorageError.notAFile(path: path, kind: kind)
      }
    }
    let temporary = try TemporaryFile(in: folder)
    let temporaryName = temporary.name
    // Before there is content: what is private is so at every moment.
    if let permissions = try folder.filePermissions(of: name) {
      try temporary.descriptor.setPermissions(permissions)
    }
    var file = AtomicFile(temporary.descriptor)
    do {
      try body(&file)
      let byteCount = file.byteCount
      try file.finish()
      let written = try StoredFile(temporaryName, in: folder)
      guard written.byteCount == byteCount else {
        throw StorageError.readBackFailed(
          path: path, expected: byteCount, found: written.byteCount)
      }
      try readBack(written)
      if replaced == .kept { try keepPrevious(of: name, in: folder) }
      try folder.rename(temporaryName, to: name)
    } catch {
      removeIfPossible(temporaryName, in: folder)
      throw error
    }
    try folder.synchronizeNames()
  }

  /// Replaces the file at `path`, or creates it, with the bytes; see `replace(_:replaced:)`.
  package static func replace(
    _ path: String, replaced: Replaced = .dropped, with bytes: [UInt8]
  ) throws {
    try replace(path, replaced: replaced) { try $0.write(bytes) }
  }

  /// Whether there is something at a path that new content would replace.
  package static func replacesFile(at path: String) -> Bool {
    SystemCalls.exists(path)
  }

  /// Where the replaced content of a file is kept.
  package static func previousPath(of path: String) -> String {
    path + ".previous"
  }

  private consuming func finish() throws(StorageError) {
    try descriptor.synchronize()
    try descriptor.close()
  }

  /// Gives the current file its second name without ever taking away the first.
  private static func keepPrevious(
    of name: String, in folder: borrowing Descriptor
  ) throws(StorageError) {
    guard try folder.status(of: name) != nil else { return }
    let link = TemporaryFile.newName()
    if try folder.link(name, as: link) {
      // Renaming one name of a file to another of its names does nothing, hence the removal.
      defer { removeIfPossible(link, in: folder) }
      try folder.rename(link, to: previousPath(of: name))
    } else {
      // Without links there is a moment with the previous name only; readers fall back to it.
      try folder.rename(name, to: previousPath(of: name))
    }
  }

  /// For cleaning up after another error, which is the one to report; what cannot be removed now
  /// is removed at the next start.
  private static func removeIfPossible(_ name: String, in folder: borrowing Descriptor) {
    do throws(StorageError) {
      try folder.remove(name)
    } catch {}
  }

  /// The folder of a path and the name in it.
  private static func split(_ path: String) throws(StorageError) -> (folder: String, name: String) {
    let parts = path.utf8.split(
      separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard let last = parts.last.map(String.init), let name = last, !path.utf8.contains(0),
      !name.isEmpty, name != ".", name != ".."
    else { throw .invalidPath(path: path) }
    let folder = String(decoding: path.utf8.dropLast(name.utf8.count), as: UTF8.self)
    return (folder.isEmpty ? "." : folder, name)
  }
}
