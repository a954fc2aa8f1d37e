/// Reads the choices that a `RangeEncoder` has written, given the same totals.
package struct RangeDecoder {
  private let bytes: [UInt8]
  private var next: Int
  private let end: Int
  /// The number less where the interval begins.
  private var code: UInt64 = 0
  private var range: UInt64 = 1 << RangeEncoder.width
  /// The size of a part of the total that was asked about.
  private var part: UInt64 = 1

  /// Reads from a part of the bytes; behind it there are zeros.
  package init(_ bytes: [UInt8], in range: Range<Int>) {
    self.bytes = bytes
    next = range.lowerBound
    end = range.upperBound
    for _ in 0..<RangeEncoder.width / 8 { readByte() }
  }

  /// Whether more was read than a whole text has: then it was cut off or is none.
  package var isPastEnd: Bool { next > end + RangeEncoder.width / 8 }

  /// The part among `total` that was chosen. `accept` has to follow.
  package mutating func point(below total: UInt64) -> UInt64 {
    part = range / total
    // Only what nobody encoded is beyond.
    return min(code / part, total - 1)
  }

  /// Says which parts the choice had, in which the point lies.
  package mutating func accept(start: UInt64, size: UInt64) {
    code -= part * start
    range = part * size
    while range < RangeEncoder.leastRange {
      readByte()
      range <<= 8
    }
  }

  /// Reads a number below `bound`, all of which are as likely.
  package mutating func decode(below bound: UInt64) -> UInt64 {
    let value = point(below: bound)
    accept(start: value, size: 1)
    return value
  }

  private mutating func readByte() {
    code = code << 8 | (next < end ? UInt64(bytes[next]) : 0)
    next += 1
  }
}
