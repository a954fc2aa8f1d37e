import CTextLMGzip

/// The content of a gzip file, of one member or several, as its bytes come.
final class GzipReader {
  private static let chunkSize = 1 << 18
  private let path: String
  private let nextBytes: () throws -> [UInt8]
  private let handle: OpaquePointer?
  private var input: [UInt8]
  private var offset = 0
  private var isInMember = true

  /// Whether a file begins like those of gzip.
  static func isCompressed(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

  /// Reads a file that begins with `first`; `nextBytes` gives what follows, and none at the end.
  ///
  /// Throws `StorageError.compressed` where there is no zlib.
  init(
    path: String, first: [UInt8], nextBytes: @escaping () throws -> [UInt8]
  ) throws(StorageError) {
    self.path = path
    self.nextBytes = nextBytes
    input = first
    var opened: OpaquePointer?
    let status = tlm_gzip_open(&opened)
    handle = opened
    try check(status)
  }

  deinit {
    tlm_gzip_close(handle)
  }

  /// The next bytes of the content; none at the end.
  func next() throws -> [UInt8] {
    var output = [UInt8](repeating: 0, count: Self.chunkSize)
    while true {
      if offset == input.count {
        input = try nextBytes()
        offset = 0
        if input.isEmpty {
          if isInMember { throw damaged("it ends too early") }
          return []
        }
      }
      if !isInMember {
        // Tapes and some programs fill up with zeros.
        while offset < input.count, input[offset] == 0 { offset += 1 }
        if offset == input.count { continue }
        try check(tlm_gzip_reset(handle))
        isInMember = true
      }
      let count = try inflate(into: &output)
      if count > 0 { return Array(output.prefix(count)) }
    }
  }

  private func inflate(into output: inout [UInt8]) throws(StorageError) -> Int {
    var (taken, made): (UInt32, UInt32) = (0, 0)
    let room = UInt32(output.count)
    let status = input.withUnsafeBufferPointer { bytes in
      output.withUnsafeMutableBufferPointer { output in
        tlm_gzip_inflate(
          handle, bytes.baseAddress.map { $0 + offset }, UInt32(bytes.count - offset), &taken,
          output.baseAddress, room, &made)
      }
    }
    offset += Int(taken)
    if status == TLM_GZIP_END { isInMember = false } else { try check(status) }
    return Int(made)
  }

  private func check(_ status: tlm_gzip_status) throws(StorageError) {
    switch status {
    case TLM_GZIP_OK: return
    case TLM_GZIP_NO_LIBRARY:
      throw damaged("no zlib (libz.so.1) to read it with is installed")
    case TLM_GZIP_NO_MEMORY: throw damaged("there is no memory left to read it")
    default: throw damaged("its content is damaged")
    }
  }

  private func damaged(_ problem: String) -> StorageError {
    .compressed(path: path, problem: problem)
  }
}
