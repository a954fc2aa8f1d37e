/// A message of Google's protocol buffers being written: numbered fields, one after the other.
struct ProtobufMessage {
  /// The message's bytes.
  private(set) var bytes: [UInt8] = []

  /// Adds a number of 64 bits as a varint, negative ones in ten bytes.
  mutating func add(_ field: Int, varint value: Int) {
    key(field, wireType: 0)
    varint(UInt64(bitPattern: Int64(value)))
  }

  /// Adds a number of 64 bits as it is.
  mutating func add(_ field: Int, double value: Double) {
    key(field, wireType: 1)
    bytes += value.bitPattern.littleEndianBytes
  }

  /// Adds a number of 32 bits as it is.
  mutating func add(_ field: Int, float value: Float) {
    key(field, wireType: 5)
    bytes += value.bitPattern.littleEndianBytes
  }

  /// Adds a text.
  mutating func add(_ field: Int, text: String) {
    add(field, bytes: Array(text.utf8))
  }

  /// Adds a message within this one.
  mutating func add(_ field: Int, message body: (inout ProtobufMessage) -> Void) {
    var message = ProtobufMessage()
    body(&message)
    add(field, bytes: message.bytes)
  }

  private mutating func add(_ field: Int, bytes content: [UInt8]) {
    key(field, wireType: 2)
    varint(UInt64(content.count))
    bytes += content
  }

  private mutating func key(_ field: Int, wireType: Int) {
    varint(UInt64(field << 3 | wireType))
  }

  /// Seven bits a byte, the lowest first; all bytes but the last have the highest bit.
  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7F | 0x80))
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

extension FixedWidthInteger {
  /// The bytes of the number, the lowest first.
  var littleEndianBytes: [UInt8] {
    (0..<Self.bitWidth / 8).map { UInt8(truncatingIfNeeded: self >> (8 * $0)) }
  }
}
