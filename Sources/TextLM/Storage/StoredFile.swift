import TextLMTensors

/// A regular file open for reading.
///
/// It stays the same file when another one takes over its name, so that a reader never sees a
/// mixture of two checkpoints. Its size is taken when it is opened.
package final class StoredFile: ByteSource {
  /// What messages call the file.
  package let path: String
  /// Its size when it was opened, in bytes.
  package let byteCount: Int
  private let descriptor: Descriptor

  /// Opens the file at a path; throws when there is none or it is no regular file.
  package convenience init(_ path: String) throws(StorageError) {
    try self.init(Descriptor(opening: path, .read))
  }

  /// Opens a file of a folder.
  convenience init(_ name: String, in folder: borrowing Descriptor) throws(StorageError) {
    try self.init(
      Descriptor(opening: name, in: folder, .read, shownAs: folder.path(to: name)))
  }

  private init(_ descriptor: consuming Descriptor) throws(StorageError) {
    let status = try descriptor.status()
    switch status.kind {
    case .file: break
    case .folder: throw .notAFile(path: descriptor.path, kind: "a folder")
    case .other(let kind): throw .notAFile(path: descriptor.path, kind: kind)
    }
    path = descriptor.path
    byteCount = status.byteCount
    self.descriptor = descriptor
  }

  /// Fills the buffer from `offset` on; throws `StorageError.shrank` when the file ends before.
  package func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws {
    let count = try descriptor.read(into: buffer, at: offset)
    guard count == buffer.count else {
      throw StorageError.shrank(
        path: path, expected: offset + buffer.count, found: offset + count)
    }
  }
}
