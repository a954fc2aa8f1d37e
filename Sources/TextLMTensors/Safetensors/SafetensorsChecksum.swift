/// The two checksums that textlm keeps in a file's metadata, each as `sha256:<64 hex digits>`.
///
/// The format itself notices a wrong length and nothing else. `checksum` covers the tensor bytes.
/// `header_checksum` covers names, types, shapes, places and all other metadata; it is formed from
/// their content rather than from the JSON text, so that another program may rewrite the file
/// with the same content and keep it valid.
enum SafetensorsChecksum {
  static let dataKey = "checksum"
  static let headerKey = "header_checksum"
  private static let chunkSize = 1 << 20

  static func text(_ hash: SHA256) -> String {
    "sha256:" + hash.hexDigest
  }

  /// Of the header's content: every string and list is preceded by its length, so that no two
  /// contents give the same bytes; metadata by key, tensors by name.
  static func ofHeader(
    metadata: [(key: String, value: String)], tensors: [SafetensorsInfo]
  ) -> String {
    var hash = SHA256()
    let covered = metadata.filter { UTF8Key($0.key) != UTF8Key(headerKey) }
    add(covered.count, to: &hash)
    for (key, value) in covered.sorted(by: { UTF8Key($0.key) < UTF8Key($1.key) }) {
      add(key, to: &hash)
      add(value, to: &hash)
    }
    add(tensors.count, to: &hash)
    for tensor in tensors.sorted(by: { UTF8Key($0.name) < UTF8Key($1.name) }) {
      add(tensor.name, to: &hash)
      add(tensor.dtype.rawValue, to: &hash)
      add(tensor.shape.count, to: &hash)
      for dimension in tensor.shape { add(dimension, to: &hash) }
      add(tensor.byteRange.lowerBound, to: &hash)
      add(tensor.byteRange.upperBound, to: &hash)
    }
    return text(hash)
  }

  /// Of everything from `offset` to the end of a source, read in pieces.
  static func ofData(in source: some ByteSource, from offset: Int) throws -> String {
    var hash = SHA256()
    var chunk = [UInt8](repeating: 0, count: min(chunkSize, max(source.byteCount - offset, 0)))
    var position = offset
    while position < source.byteCount {
      let count = min(chunk.count, source.byteCount - position)
      try chunk.withUnsafeMutableBytes { buffer in
        let part = UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(count))
        try source.read(into: part, at: position)
        hash.update(UnsafeRawBufferPointer(part))
      }
      position += count
    }
    return text(hash)
  }

  private static func add(_ number: Int, to hash: inout SHA256) {
    withUnsafeBytes(of: UInt64(number).littleEndian) { hash.update($0) }
  }

  private static func add(_ text: String, to hash: inout SHA256) {
    add(text.utf8.count, to: &hash)
    hash.update(Array(text.utf8))
  }
}
