/// Somewhere bytes can be read from at any place, such as an open file.
public protocol ByteSource: Sendable {
  /// Bytes there are; fixed from the start, so that sizes can be checked before memory is taken.
  var byteCount: Int { get }

  /// Fills the buffer with the bytes from `offset` on; throws when there are fewer.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws
}

/// Somewhere bytes can be written to, one after the other, such as a new file.
public protocol ByteSink: ~Copyable {
  /// Writes all the bytes or throws.
  mutating func write(_ bytes: UnsafeRawBufferPointer) throws
}

/// Bytes in memory are read like a file, which is how the formats are tested.
extension Array: ByteSource where Element == UInt8 {
  /// The number of elements.
  public var byteCount: Int { count }

  /// Copies the elements from `offset` on; throws `SafetensorsError.truncated` past the end.
  public func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws {
    guard offset >= 0, offset <= count, buffer.count <= count - offset else {
      throw SafetensorsError.truncated(expected: offset + buffer.count, found: count)
    }
    buffer.copyBytes(from: self[offset..<(offset + buffer.count)])
  }
}

extension Array: ByteSink where Element == UInt8 {
  /// Appends the bytes.
  public mutating func write(_ bytes: UnsafeRawBufferPointer) {
    append(contentsOf: bytes)
  }
}
