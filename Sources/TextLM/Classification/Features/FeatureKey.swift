/// The number by which a feature is known: 2 bits for its block, and 62 of a hash of what it is.
///
/// Two of n features of a block have the same key with a probability of about n² / 2⁶³: one in a
/// million for three million features. They would then be one feature.
struct FeatureKey {
  /// The blocks of features, each of which is scaled by itself.
  enum Block: Int, CaseIterable {
    case characters, words, pairs
  }

  /// The hash of nothing, from which the others are made.
  static let start: UInt64 = 0x9E37_79B9_7F4A_7C15

  /// The first key of a block.
  static func first(of block: Int) -> UInt64 { UInt64(block) << 62 }

  /// The hash of something with one more part.
  @inline(__always)
  static func extended(_ hash: UInt64, by part: UInt64) -> UInt64 {
    let product = (hash ^ part) &* 0xD6E8_FEB8_6659_FD93
    return product ^ (product >> 32)
  }

  /// The key of a hash in a block: its bits mixed so that the upper ones, too, depend on all.
  ///
  /// The mixing is the last step of Austin Appleby's MurmurHash3.
  @inline(__always)
  static func key(_ hash: UInt64, _ block: Block) -> UInt64 {
    var mixed = hash
    mixed = (mixed ^ (mixed >> 33)) &* 0xFF51_AFD7_ED55_8CCD
    mixed = (mixed ^ (mixed >> 33)) &* 0xC4CE_B9FE_1A85_EC53
    mixed ^= mixed >> 33
    return first(of: block.rawValue) | mixed >> 2
  }
}
