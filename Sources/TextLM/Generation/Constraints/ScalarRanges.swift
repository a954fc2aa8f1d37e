/// A set of Unicode scalars as ranges: sorted, apart from each other, and without surrogates.
struct ScalarRanges: Sendable, Equatable {
  /// The ranges.
  private(set) var ranges: [ClosedRange<UInt32>]

  /// All scalars.
  static let all = ScalarRanges([0...0x10FFFF])

  /// The scalars of ranges in any order, which may overlap.
  init(_ ranges: [ClosedRange<UInt32>]) {
    var joined: [ClosedRange<UInt32>] = []
    for range in Self.withoutSurrogates(ranges).sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = joined.last, range.lowerBound <= last.upperBound + 1 {
        joined[joined.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
      } else {
        joined.append(range)
      }
    }
    self.ranges = joined
  }

  /// The scalars of a set of ICU's.
  init(_ set: ScalarSet) {
    var ranges: [ClosedRange<UInt32>] = []
    var start: UInt32?
    for scalar in UInt32(0)...0x110000 {
      let isIn = scalar < 0x110000 && set.contains(scalar)
      if isIn, start == nil { start = scalar }
      if !isIn, let first = start {
        ranges.append(first...scalar - 1)
        start = nil
      }
    }
    self.init(ranges)
  }

  /// All other scalars.
  var inverted: ScalarRanges {
    var ranges: [ClosedRange<UInt32>] = []
    var next: UInt32 = 0
    for range in self.ranges {
      if next < range.lowerBound { ranges.append(next...range.lowerBound - 1) }
      next = range.upperBound + 1
    }
    if next <= 0x10FFFF { ranges.append(next...0x10FFFF) }
    return ScalarRanges(ranges)
  }

  /// Whether a scalar is in the set.
  func contains(_ scalar: UInt32) -> Bool {
    var (low, high) = (0, ranges.count)
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound < scalar { low = middle + 1 } else { high = middle }
    }
    return low < ranges.count && ranges[low].contains(scalar)
  }

  private static func withoutSurrogates(
    _ ranges: [ClosedRange<UInt32>]
  ) -> [ClosedRange<UInt32>] {
    ranges.flatMap { range -> [ClosedRange<UInt32>] in
      guard range.overlaps(0xD800...0xDFFF) else { return [range] }
      var parts: [ClosedRange<UInt32>] = []
      if range.lowerBound < 0xD800 { parts.append(range.lowerBound...0xD7FF) }
      if range.upperBound > 0xDFFF { parts.append(0xE000...range.upperBound) }
      return parts
    }
  }
}

extension ScalarRanges {
  /// The UTF-8 of the set: sequences of ranges of bytes, of which each scalar's bytes are in one.
  ///
  /// A range of scalars is cut until, within each part, every byte but the first varies over all that
  /// it can be, or not at all.
  ///
  /// Reference: Ken Thompson's construction in RE2, as Russ Cox, "Regular Expression Matching in the
  /// Wild", 2010, describes it.
  var byteSequences: [[ClosedRange<UInt8>]] {
    ranges.flatMap { Self.sequences($0.lowerBound, $0.upperBound) }
  }

  private static func sequences(_ first: UInt32, _ last: UInt32) -> [[ClosedRange<UInt8>]] {
    // Scalars of different lengths apart.
    for limit in [UInt32(0x7F), 0x7FF, 0xFFFF] where first <= limit && limit < last {
      return sequences(first, limit) + sequences(limit + 1, last)
    }
    // Cut where a trailing byte would not have its whole range.
    for count in 1..<4 where first > 0x7F {
      let mask = UInt32(1) << (6 * UInt32(count)) - 1
      guard first & ~mask != last & ~mask else { continue }
      if first & mask != 0 {
        return sequences(first, first | mask) + sequences((first | mask) + 1, last)
      }
      if last & mask != mask {
        return sequences(first, (last & ~mask) - 1) + sequences(last & ~mask, last)
      }
    }
    return [zip(bytes(first), bytes(last)).map { $0...$1 }]
  }

  private static func bytes(_ scalar: UInt32) -> [UInt8] {
    Unicode.Scalar(scalar).map { Array($0.utf8) } ?? []
  }
}
