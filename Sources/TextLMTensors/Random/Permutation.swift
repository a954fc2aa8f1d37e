/// A random order of the numbers 0 ..< count that takes no memory: a Feistel cipher on as many bits as
/// they need, applied again where it leaves their range.
///
/// References: Michael Luby and Charles Rackoff, "How to Construct Pseudorandom Permutations from
/// Pseudorandom Functions", 1988; John Black and Phillip Rogaway, "Ciphers with Arbitrary Finite
/// Domains", 2002 (walking the cycle).
public struct Permutation: Sendable, Equatable {
  /// How many numbers.
  public let count: Int
  private let halfBits: UInt64
  private let keys: [UInt64]

  /// The order that belongs to `key`.
  public init(count: Int, key: UInt64) {
    precondition(count > 0, "a permutation of \(count) numbers")
    self.count = count
    let bits = Int.bitWidth - (count - 1).leadingZeroBitCount
    halfBits = UInt64(max(1, (bits + 1) / 2))
    var mixer = SplitMix64(seed: key)
    keys = (0..<6).map { _ in mixer.next() }
  }

  /// The number at place `index` of the order.
  public subscript(index: Int) -> Int {
    precondition(index >= 0 && index < count, "place \(index) of \(count)")
    var value = UInt64(index)
    // The cipher's range is less than four times as large, so that few rounds are needed.
    repeat { value = mixed(value) } while value >= UInt64(count)
    return Int(value)
  }

  private func mixed(_ value: UInt64) -> UInt64 {
    let mask = (1 << halfBits) - 1 as UInt64
    var (left, right) = (value >> halfBits, value & mask)
    for key in keys {
      var mixer = SplitMix64(seed: right ^ key)
      (left, right) = (right, left ^ (mixer.next() & mask))
    }
    return left << halfBits | right
  }
}
