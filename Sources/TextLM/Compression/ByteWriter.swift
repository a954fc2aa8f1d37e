/// Puts numbers behind each other as bytes.
struct ByteWriter {
  /// All so far.
  var bytes: [UInt8] = []

  /// Adds a number from 0 on: seven bits in a byte, the lowest first.
  mutating func append(_ number: Int) {
    var rest = UInt(number)
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// The bytes of an even number of hexadecimal digits.
  static func bytes(ofHexadecimal digits: String) -> [UInt8] {
    let values = digits.utf8.map { $0 < UInt8(ascii: "a") ? $0 & 15 : $0 - UInt8(ascii: "a") + 10 }
    return stride(from: 0, to: values.count, by: 2).map { values[$0] << 4 | values[$0 + 1] }
  }

  /// Two lower-case hexadecimal digits for each byte.
  static func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
