/// The checksum of TensorFlow's records: CRC-32C, by Castagnoli.
enum CRC32C {
  /// The checksum of bytes: reflected polynomial 0x82F63B78, all bits inverted before and after.
  static func checksum(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~0) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ ($0 >> 8) }
  }

  /// The checksum as records have it: turned and shifted, because a checksum of bytes that hold
  /// checksums says little.
  static func masked(_ bytes: [UInt8]) -> UInt32 {
    let checksum = checksum(bytes)
    return ((checksum >> 15) | (checksum << 17)) &+ 0xA282_EAD8
  }

  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { rest, _ in
      rest & 1 == 1 ? (rest >> 1) ^ 0x82F6_3B78 : rest >> 1
    }
  }
}
