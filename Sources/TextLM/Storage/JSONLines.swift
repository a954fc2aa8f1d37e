package import TextLMTensors

/// A log with one JSON object a line, appended to with one call to the system a line, so that
/// whoever reads along sees whole lines.
package final class JSONLinesWriter: Sendable {
  private let descriptor: Descriptor

  /// Opens or creates a log. A last line without its end, left by a process that died while
  /// writing it, is cut off: it is no JSON, and the next line would run into it.
  package init(appendingTo path: String) throws(StorageError) {
    descriptor = try Descriptor(opening: path, .append)
    let status = try descriptor.status()
    if status.kind == .folder { throw .notAFile(path: path, kind: "a folder") }
    guard status.kind == .file else { return }
    let wholeLines = try Self.endOfLastLine(in: descriptor, byteCount: status.byteCount)
    if wholeLines < status.byteCount { try descriptor.truncate(to: wholeLines) }
  }

  /// Appends a value as one line; NaN and infinity become null.
  package func append(_ value: JSONValue) throws {
    var line = try value.serialized(nonFinite: .null)
    line.append(UInt8(ascii: "\n"))
    let status = try descriptor.status()
    do {
      try descriptor.write(line)
    } catch {
      // A full disk may have taken half a line.
      if status.kind == .file { try descriptor.truncate(to: status.byteCount) }
      throw error
    }
  }

  /// Returns when all lines are on the disk.
  package func synchronize() throws(StorageError) {
    try descriptor.synchronize()
  }

  /// The place after the last line end, found from the back.
  private static func endOfLastLine(
    in descriptor: borrowing Descriptor, byteCount: Int
  ) throws(StorageError) -> Int {
    let blockSize = 4096
    var end = byteCount
    while end > 0 {
      let start = max(end - blockSize, 0)
      let block = try descriptor.bytes(at: start, atMost: end - start)
      if let last = block.lastIndex(of: UInt8(ascii: "\n")) { return start + last + 1 }
      end = start
    }
    return 0
  }
}

/// The rows of a log.
package struct JSONLinesContent: Sendable {
  /// The value of each line.
  package let rows: [JSONValue]
  /// True when the last line had no end, because its writer died or is still writing; it is not
  /// among the rows.
  package let isTorn: Bool

  /// Reads a log of at most `limit` bytes; throws `StorageError.jsonLine` for a whole line that
  /// is no JSON.
  package init(contentsOf path: String, atMost limit: Int = 1 << 30) throws {
    let bytes = try FileReader.bytes(at: path, atMost: limit)
    var rows: [JSONValue] = []
    var start = 0
    while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
      do throws(JSONError) {
        rows.append(try JSONValue(parsing: Array(bytes[start..<end])))
      } catch {
        throw StorageError.jsonLine(path: path, line: rows.count + 1, error)
      }
      start = end + 1
    }
    self.rows = rows
    isTorn = start < bytes.count
  }
}
