/// How one Unicode scalar lies in bytes. The functions that take text require it to be valid.
enum UTF8Scalar {
  /// The number of scalars there are: all code points but the surrogates.
  static let possibleCount = 1_112_064

  /// Whether a byte is the second or a later one of a scalar.
  @inline(__always)
  static func isContinuation(_ byte: UInt8) -> Bool {
    byte & 0xC0 == 0x80
  }

  /// The number of bytes, 1 through 4, of a scalar that starts with this byte.
  @inline(__always)
  static func length(leadByte: UInt8) -> Int {
    leadByte < 0x80 ? 1 : leadByte < 0xE0 ? 2 : leadByte < 0xF0 ? 3 : 4
  }

  /// The scalar that starts at an offset.
  @inline(__always)
  static func value(in text: Span<UInt8>, at offset: Int) -> UInt32 {
    let lead = UInt32(text[unchecked: offset])
    if lead < 0x80 { return lead }
    let second = UInt32(text[unchecked: offset + 1]) & 0x3F
    if lead < 0xE0 { return (lead & 0x1F) << 6 | second }
    let third = UInt32(text[unchecked: offset + 2]) & 0x3F
    if lead < 0xF0 { return (lead & 0x0F) << 12 | second << 6 | third }
    let fourth = UInt32(text[unchecked: offset + 3]) & 0x3F
    return (lead & 0x07) << 18 | second << 12 | third << 6 | fourth
  }
}
