package import TextLMTensors

/// Reads whole files, with a limit on their size.
package enum FileReader {
  private static let chunkSize = 1 << 20

  /// The content of a regular file.
  ///
  /// Throws `StorageError.missing`, `.notAFile`, `.tooLarge` before any memory is taken, `.shrank`
  /// when the file is cut while it is read, or `.system`. What is appended meanwhile is left out.
  package static func bytes(at path: String, atMost limit: Int) throws -> [UInt8] {
    let file = try StoredFile(path)
    guard file.byteCount <= limit else {
      throw StorageError.tooLarge(path: path, byteCount: file.byteCount, limit: limit)
    }
    return try [UInt8](unsafeUninitializedCapacity: file.byteCount) { buffer, count in
      let bytes = UnsafeMutableRawBufferPointer(buffer).prefix(file.byteCount)
      try file.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes), at: 0)
      count = file.byteCount
    }
  }

  /// The content of anything that can be read to an end: a file, a pipe, a device.
  ///
  /// Throws `StorageError.tooLarge` as soon as more than `limit` bytes have come.
  package static func streamedBytes(
    at path: String, atMost limit: Int
  ) throws(StorageError) -> [UInt8] {
    try bytes(of: Descriptor(opening: path, .readStream), atMost: limit)
  }

  /// Standard input from where it stands to its end, whatever it is.
  package static func standardInput(atMost limit: Int) throws(StorageError) -> [UInt8] {
    try bytes(of: Descriptor(standardInput: ()), atMost: limit)
  }

  private static func bytes(
    of stream: consuming Descriptor, atMost limit: Int
  ) throws(StorageError) -> [UInt8] {
    let path = stream.path
    let status = try stream.status()
    switch status.kind {
    case .folder: throw .notAFile(path: path, kind: "a folder")
    case .file where status.byteCount > limit:
      throw .tooLarge(path: path, byteCount: status.byteCount, limit: limit)
    case .file, .other: break
    }
    var bytes: [UInt8] = []
    if status.kind == .file { bytes.reserveCapacity(status.byteCount) }
    while true {
      let chunk = try stream.nextBytes(atMost: chunkSize)
      if chunk.isEmpty { return bytes }
      bytes += chunk
      guard bytes.count <= limit else {
        throw .tooLarge(path: path, byteCount: bytes.count, limit: limit)
      }
    }
  }

  /// The strict JSON in a regular file.
  package static func json(
    at path: String, limits: JSONLimits = JSONLimits()
  ) throws -> JSONValue {
    let bytes = try bytes(at: path, atMost: limits.byteCount)
    do throws(JSONError) {
      return try JSONValue(parsing: bytes, limits: limits)
    } catch {
      throw StorageError.json(path: path, error)
    }
  }
}
