#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file without a name, for what is too large for memory and is not to be kept; gone with this
/// object or the process.
///
/// It lies in the folder that `TMPDIR` names, or in `/tmp`.
final class SpooledFile: Sendable {
  private let descriptor: Descriptor

  /// Makes an empty file.
  init() throws(StorageError) {
    let path = getenv("TMPDIR").map { String(cString: $0) } ?? ""
    let folder = try Descriptor(opening: path.isEmpty ? "/tmp" : path, .folder)
    let file = try TemporaryFile(in: folder)
    try folder.remove(file.name)
    descriptor = file.descriptor
  }

  /// Appends bytes.
  func append(_ bytes: [UInt8]) throws(StorageError) {
    try descriptor.write(bytes)
  }

  /// At most `limit` bytes from a place on, fewer at the end.
  func bytes(at offset: Int, atMost limit: Int) throws(StorageError) -> [UInt8] {
    try descriptor.bytes(at: offset, atMost: limit)
  }

  /// The content, in the address space.
  func map() throws(StorageError) -> MappedFile {
    try MappedFile(descriptor)
  }
}
