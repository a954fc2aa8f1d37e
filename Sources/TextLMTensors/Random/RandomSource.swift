/// A reproducible source of random numbers: xoshiro256** started from a 64-bit seed.
///
/// The algorithm is fixed, unlike the standard library's, so a seed gives the same numbers on every
/// machine and in every version. Independent streams are taken by name, which makes what one part
/// of a program draws independent of what the others do. A source is a value: a copy continues
/// where the original was. Not for secrets.
///
/// Reference: David Blackman and Sebastiano Vigna, "Scrambled Linear Pseudorandom Number
/// Generators", 2021.
public struct RandomSource: RandomNumberGenerator, Sendable, Equatable {
  /// What the source was started from; `stream(_:)` depends on it and on nothing drawn since.
  public let seed: UInt64
  private var state: (UInt64, UInt64, UInt64, UInt64)

  /// The source at the beginning of the sequence that belongs to `seed`.
  public init(seed: UInt64) {
    var mixer = SplitMix64(seed: seed)
    self.init(seed: seed, state: (mixer.next(), mixer.next(), mixer.next(), mixer.next()))
  }

  /// A source in a given state, which must not be all zero.
  init(seed: UInt64, state: (UInt64, UInt64, UInt64, UInt64)) {
    self.seed = seed
    self.state = state
  }

  /// The source that belongs to `name` below this one's seed, at its beginning.
  ///
  /// Draws nothing: it is the same stream whatever has been drawn from this source.
  public func stream(_ name: String) -> RandomSource {
    RandomSource(seed: SplitMix64.seed(below: seed, name: name))
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    let result = Self.rotate(state.1 &* 5, by: 7) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = Self.rotate(state.3, by: 45)
    return result
  }

  private static func rotate(_ value: UInt64, by count: UInt64) -> UInt64 {
    (value << count) | (value >> (64 - count))
  }

  /// Two sources are equal when they have the same seed and will give the same numbers.
  public static func == (left: RandomSource, right: RandomSource) -> Bool {
    left.seed == right.seed && left.state == right.state
  }
}

extension RandomSource: LosslessStringConvertible {
  /// Seed and state as five hexadecimal numbers joined by colons.
  public var description: String {
    [seed, state.0, state.1, state.2, state.3].map { String($0, radix: 16) }.joined(separator: ":")
  }

  /// The source that `description` describes; nil for anything that is not such a description.
  public init?(_ description: String) {
    let words = description.split(separator: ":", omittingEmptySubsequences: false)
    let numbers = words.compactMap { UInt64($0, radix: 16) }
    // The all-zero state would give zeros for ever.
    guard words.count == 5, numbers.count == 5, numbers.dropFirst().contains(where: { $0 != 0 })
    else { return nil }
    self.init(seed: numbers[0], state: (numbers[1], numbers[2], numbers[3], numbers[4]))
  }
}

extension RandomSource: Codable {
  /// Reads what `encode(to:)` wrote, a string.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let source = RandomSource(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "'\(text)' is not the state of a random source")
    }
    self = source
  }

  /// Writes `description`: a string, since 64-bit numbers do not survive every JSON reader.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
