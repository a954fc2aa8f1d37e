/// Steele, Lea and Flood's SplitMix64: a counter behind a mixing function, good for turning any
/// seed into well-spread bits.
///
/// Not for drawing numbers from: `RandomSource` is. Reference: Sebastiano Vigna, splitmix64.c
/// (public domain).
struct SplitMix64 {
  private static let increment: UInt64 = 0x9e37_79b9_7f4a_7c15
  private var counter: UInt64

  init(seed: UInt64) {
    counter = seed
  }

  mutating func next() -> UInt64 {
    counter &+= Self.increment
    return Self.mix(counter)
  }

  /// A bijection of 64-bit numbers in which every input bit changes about half of the output bits.
  static func mix(_ value: UInt64) -> UInt64 {
    var mixed = value
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  /// The seed that `name` has below `seed`: the mixing function run over the bytes of the name.
  static func seed(below seed: UInt64, name: String) -> UInt64 {
    var state = mix(seed &+ increment)
    for byte in name.utf8 {
      state = mix((state ^ UInt64(byte)) &+ increment)
    }
    return state
  }
}
