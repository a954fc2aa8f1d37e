#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a model has no tokens for, spelled out behind the token of the unknown.
package enum Literal: Equatable {
  /// One character, by its Unicode scalar.
  case character(Unicode.Scalar)
  /// Bytes that are no text, or text with hardly a known character.
  case bytes([UInt8])

  /// Numbers of scalars, and of surrogates, which are none.
  package static let scalarBound: UInt64 = 0x110000
  /// The surrogate in whose place bytes follow.
  package static let bytesMark: UInt64 = 0xD800
  /// The bits in which the width of a count is told.
  package static let countWidths: UInt64 = 32

  /// What it costs, in bits.
  package var bits: Double {
    switch self {
    case .character: log2(Double(Self.scalarBound))
    case .bytes(let bytes):
      log2(Double(Self.scalarBound)) + log2(Double(Self.countWidths))
        + Double(Self.width(of: bytes.count) + 8 * bytes.count)
    }
  }

  /// The place of a count's first bit. Requires 1 or more.
  package static func width(of count: Int) -> Int {
    Int.bitWidth - 1 - count.leadingZeroBitCount
  }
}

extension RangeEncoder {
  /// Writes a literal.
  package mutating func encode(_ literal: Literal) {
    switch literal {
    case .character(let scalar): encode(UInt64(scalar.value), below: Literal.scalarBound)
    case .bytes(let bytes):
      encode(Literal.bytesMark, below: Literal.scalarBound)
      let width = Literal.width(of: bytes.count)
      encode(UInt64(width), below: Literal.countWidths)
      encode(UInt64(bytes.count - 1 << width), below: 1 << UInt64(width))
      for byte in bytes { encode(UInt64(byte), below: 256) }
    }
  }
}

extension RangeDecoder {
  /// Reads a literal of `limit` bytes at most; nil for what no encoder writes.
  package mutating func decodeLiteral(atMost limit: Int) -> Literal? {
    let value = decode(below: Literal.scalarBound)
    guard value == Literal.bytesMark else {
      return Unicode.Scalar(UInt32(value)).map { .character($0) }
    }
    let width = decode(below: Literal.countWidths)
    let count = Int(1 << width + decode(below: 1 << width))
    guard count <= limit else { return nil }
    return .bytes((0..<count).map { _ in UInt8(decode(below: 256)) })
  }
}
