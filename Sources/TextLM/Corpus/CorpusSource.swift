/// Where the bytes of a text are, to be read as often as needed.
enum CorpusSource: Sendable {
  /// In memory.
  case bytes([UInt8])
  /// In a file, which must not change between two readings.
  case file(path: String, Descriptor.Status.Version)
  /// In a file without a name.
  case spooled(SpooledFile)

  private static let chunkSize = 1 << 18
  /// What comes from a pipe is held in memory up to this many bytes.
  static let memoryLimit = 1 << 26

  /// A file, or the content of a pipe, which is read to its end.
  init(path: String) throws(StorageError) {
    let descriptor = try Descriptor(opening: path, .readStream)
    let status = try descriptor.status()
    switch status.kind {
    case .file: self = .file(path: path, status.version)
    case .folder: throw .notAFile(path: path, kind: "a folder")
    case .other: try self.init(spooling: descriptor)
    }
  }

  /// Standard input from where it stands to its end.
  init(standardInput: Void) throws(StorageError) {
    let descriptor = try Descriptor(standardInput: ())
    if try descriptor.status().kind == .folder {
      throw .notAFile(path: descriptor.path, kind: "a folder")
    }
    try self.init(spooling: descriptor)
  }

  private init(spooling stream: borrowing Descriptor) throws(StorageError) {
    var bytes: [UInt8] = []
    var file: SpooledFile?
    while true {
      let chunk = try stream.nextBytes(atMost: Self.chunkSize)
      if chunk.isEmpty { break }
      if let file {
        try file.append(chunk)
        continue
      }
      bytes += chunk
      if bytes.count > Self.memoryLimit {
        let new = try SpooledFile()
        try new.append(bytes)
        file = new
        bytes = []
      }
    }
    self = file.map { .spooled($0) } ?? .bytes(bytes)
  }

  /// Gives the bytes from the start, a portion at each call and none at the end.
  ///
  /// The last call throws `StorageError.changed` when a file is no longer what it was.
  func open() throws(StorageError) -> () throws -> [UInt8] {
    var offset = 0
    switch self {
    case .bytes(let bytes):
      return {
        let chunk = Array(bytes[offset..<min(offset + Self.chunkSize, bytes.count)])
        offset += chunk.count
        return chunk
      }
    case .spooled(let file):
      return {
        let chunk = try file.bytes(at: offset, atMost: Self.chunkSize)
        offset += chunk.count
        return chunk
      }
    case .file(let path, let version):
      let stream = OpenFile(try Descriptor(opening: path, .read))
      return {
        let chunk = try stream.descriptor.nextBytes(atMost: Self.chunkSize)
        if chunk.isEmpty, try stream.descriptor.status().version != version {
          throw StorageError.changed(path: path)
        }
        return chunk
      }
    }
  }

  /// A descriptor that a closure can hold.
  private final class OpenFile {
    let descriptor: Descriptor

    init(_ descriptor: consuming Descriptor) {
      self.descriptor = descriptor
    }
  }
}
