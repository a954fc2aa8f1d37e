/// Bytes of a file, a pipe or standard input, a portion at a time.
package final class ByteStream {
  private static let chunkSize = 1 << 16
  private let descriptor: Descriptor

  /// Opens a file or anything else that can be read to an end.
  package init(opening path: String) throws(StorageError) {
    descriptor = try Descriptor(opening: path, .readStream)
    try checkKind()
  }

  /// Standard input, from where it stands.
  package init(standardInput: Void) throws(StorageError) {
    descriptor = try Descriptor(standardInput: ())
    try checkKind()
  }

  /// The next bytes; none at the end.
  package func next() throws(StorageError) -> [UInt8] {
    try descriptor.nextBytes(atMost: Self.chunkSize)
  }

  private func checkKind() throws(StorageError) {
    if try descriptor.status().kind == .folder {
      throw .notAFile(path: descriptor.path, kind: "a folder")
    }
  }
}
