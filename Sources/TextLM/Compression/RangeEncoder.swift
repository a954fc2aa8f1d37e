/// Writes choices, each of which has a known probability, in as many bits as they are worth.
///
/// A choice of `size` parts in `total` costs log₂(total / size) bits and less than 2⁻¹⁵ more. The text
/// of all choices is one number between 0 and 1: every choice narrows the interval it lies in to
/// its own part. All arithmetic is on integers, so that a decoder sees the same intervals on every
/// machine.
///
/// Reference: G. N. N. Martin, "Range encoding: an algorithm for removing redundancy from a digitised
/// message", Video and Data Recording Conference, 1979.
package struct RangeEncoder {
  /// The interval has at most this many bits.
  package static let width = 56
  /// It is widened by a byte as soon as it is smaller than this.
  package static let leastRange: UInt64 = 1 << 48
  /// The greatest total: far smaller than the least range, so that rounding down costs nothing.
  package static let greatestTotal: UInt64 = 1 << 33

  /// What is certain of the number.
  package private(set) var bytes: [UInt8] = []
  /// Where the interval begins, behind `bytes`: below 2⁵⁶.
  private var low: UInt64 = 0
  private var range: UInt64 = 1 << Self.width

  /// Writes from the beginning of a text on.
  package init() {}

  /// Writes the choice of the parts from `start` on, `size` of them, among `total`.
  package mutating func encode(start: UInt64, size: UInt64, total: UInt64) {
    precondition(
      size > 0 && start + size <= total && total <= Self.greatestTotal,
      "range encoder: \(size) parts from \(start) on of \(total)")
    let part = range / total
    low += part * start
    range = part * size
    carry()
    while range < Self.leastRange {
      bytes.append(UInt8(low >> (Self.width - 8)))
      low = low << 8 & (1 << Self.width - 1)
      range <<= 8
    }
  }

  /// Writes a number below `bound`, all of which are as likely.
  package mutating func encode(_ value: UInt64, below bound: UInt64) {
    encode(start: value, size: 1, total: bound)
  }

  /// All that was written. A decoder reads zeros behind the end, so one byte is enough to name a number
  /// in the last interval.
  package consuming func finish() -> [UInt8] {
    low += Self.leastRange - 1
    carry()
    let last = UInt8(low >> (Self.width - 8))
    if last != 0 { bytes.append(last) }
    return bytes
  }

  /// Adds to the bytes what has grown out of the interval's bits.
  private mutating func carry() {
    guard low >= 1 << Self.width else { return }
    low -= 1 << Self.width
    var place = bytes.count - 1
    // The number is below 1, so that there is always a byte that takes it.
    while bytes[place] == 0xFF {
      bytes[place] = 0
      place -= 1
    }
    bytes[place] += 1
  }
}
