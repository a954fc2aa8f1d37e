import CTextLMKernels

/// SHA-256 (FIPS 180-4) of bytes that arrive in pieces.
///
/// Used for checksums of files, against damage and not against forgery.
public struct SHA256: Sendable {
  private static let blockSize = 64

  /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
  private static let roundConstants: [UInt32] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4,
    0xab1c_5ed5, 0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe,
    0x9bdc_06a7, 0xc19b_f174, 0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f,
    0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da, 0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7,
    0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967, 0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc,
    0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85, 0xa2bf_e8a1, 0xa81a_664b,
    0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070, 0x19a4_c116,
    0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7,
    0xc671_78f2,
  ]

  /// The eight words of the running hash.
  private var state: SIMD8<UInt32> = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a,
    0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
  ]
  /// Bytes that do not fill a block yet; always fewer than `blockSize`.
  private var pending: [UInt8] = []
  private var byteCount: UInt64 = 0

  /// The hash of nothing yet.
  public init() {}

  /// Adds bytes.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    byteCount += UInt64(bytes.count)
    var rest = bytes[...]
    if !pending.isEmpty {
      let head = rest.prefix(Self.blockSize - pending.count)
      pending += head
      rest = rest.dropFirst(head.count)
      guard pending.count == Self.blockSize else { return }
      let block = pending
      block.withUnsafeBytes { compress($0) }
      pending.removeAll(keepingCapacity: true)
    }
    let whole = rest.count / Self.blockSize * Self.blockSize
    compress(UnsafeRawBufferPointer(rebasing: rest.prefix(whole)))
    pending += rest.dropFirst(whole)
  }

  /// Adds bytes.
  public mutating func update(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { update($0) }
  }

  /// The hash of everything added so far, as 64 lower-case hexadecimal digits.
  public var hexDigest: String {
    var padded = self
    let bitCount = byteCount &* 8
    let zeros = (2 * Self.blockSize - 9 - pending.count) % Self.blockSize
    var tail: [UInt8] = [0x80]
    tail.append(contentsOf: repeatElement(0, count: zeros))
    for shift in stride(from: 56, through: 0, by: -8) {
      tail.append(UInt8(truncatingIfNeeded: bitCount >> UInt64(shift)))
    }
    padded.update(tail)
    let digits = Array("0123456789abcdef".utf8)
    var digest: [UInt8] = []
    for word in (0..<8).map({ padded.state[$0] }) {
      for shift in stride(from: 28, through: 0, by: -4) {
        digest.append(digits[Int(word >> UInt32(shift) & 15)])
      }
    }
    return String(decoding: digest, as: UTF8.self)
  }

  /// Hashes whole blocks. Pointers, because this runs over every byte of every checkpoint: with
  /// checked arrays it is several times slower.
  private mutating func compress(_ blocks: UnsafeRawBufferPointer) {
    guard let start = blocks.baseAddress, !compressInHardware(blocks) else { return }
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { buffer in
      Self.roundConstants.withUnsafeBufferPointer { constantsBuffer in
        guard let words = buffer.baseAddress, let constants = constantsBuffer.baseAddress
        else { return }
        var state = self.state
        for offset in stride(from: 0, to: blocks.count, by: Self.blockSize) {
          for index in 0..<16 {
            let bytes = start + offset + 4 &* index
            words[index] = bytes.loadUnaligned(as: UInt32.self).bigEndian
          }
          state = Self.rounds(state, words, constants)
        }
        self.state = state
      }
    }
  }

  /// The same with the processor's instructions for it; false where it has none.
  private mutating func compressInHardware(_ blocks: UnsafeRawBufferPointer) -> Bool {
    withUnsafeMutableBytes(of: &state) { state in
      Self.roundConstants.withUnsafeBufferPointer { constants in
        tlm_sha256_blocks(
          state.assumingMemoryBound(to: UInt32.self).baseAddress, constants.baseAddress,
          blocks.assumingMemoryBound(to: UInt8.self).baseAddress, blocks.count / Self.blockSize)
      }
    }
  }

  @inline(__always)
  private static func rounds(
    _ state: SIMD8<UInt32>, _ words: UnsafeMutablePointer<UInt32>,
    _ constants: UnsafePointer<UInt32>
  ) -> SIMD8<UInt32> {
    var letters = Letters(
      a: state[0], b: state[1], c: state[2], d: state[3],
      e: state[4], f: state[5], g: state[6], h: state[7])
    for index in stride(from: 0, to: 48, by: 8) {
      letters.eightRounds(words + index, constants + index, isExpanding: true)
    }
    letters.eightRounds(words + 48, constants + 48, isExpanding: false)
    letters.eightRounds(words + 56, constants + 56, isExpanding: false)
    return state
      &+ SIMD8(
        letters.a, letters.b, letters.c, letters.d, letters.e, letters.f, letters.g, letters.h)
  }

  /// Forms the word 16 places after `words` from the sixteen there.
  @inline(__always)
  private static func expand(_ words: UnsafeMutablePointer<UInt32>) {
    let (early, late) = (words[1], words[14])
    let small0 = rotate(early, 7) ^ rotate(early, 18) ^ early &>> 3
    let small1 = rotate(late, 17) ^ rotate(late, 19) ^ late &>> 10
    words[16] = words[0] &+ small0 &+ words[9] &+ small1
  }

  /// The working variables of the standard.
  private struct Letters {
    var a, b, c, d, e, f, g, h: UInt32

    /// Eight rounds bring the letters back to their places, so that none has to be moved.
    @inline(__always)
    mutating func eightRounds(
      _ words: UnsafeMutablePointer<UInt32>, _ constants: UnsafePointer<UInt32>, isExpanding: Bool
    ) {
      SHA256.round(a, b, c, &d, e, f, g, &h, words + 0, constants[0], isExpanding)
      SHA256.round(h, a, b, &c, d, e, f, &g, words + 1, constants[1], isExpanding)
      SHA256.round(g, h, a, &b, c, d, e, &f, words + 2, constants[2], isExpanding)
      SHA256.round(f, g, h, &a, b, c, d, &e, words + 3, constants[3], isExpanding)
      SHA256.round(e, f, g, &h, a, b, c, &d, words + 4, constants[4], isExpanding)
      SHA256.round(d, e, f, &g, h, a, b, &c, words + 5, constants[5], isExpanding)
      SHA256.round(c, d, e, &f, g, h, a, &b, words + 6, constants[6], isExpanding)
      SHA256.round(b, c, d, &e, f, g, h, &a, words + 7, constants[7], isExpanding)
    }
  }

  /// One round, and the word of 16 rounds later: neither waits for the other, so that the
  /// processor works on both at once.
  @inline(__always)
  private static func round(
    _ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: inout UInt32,
    _ e: UInt32, _ f: UInt32, _ g: UInt32, _ h: inout UInt32,
    _ words: UnsafeMutablePointer<UInt32>, _ constant: UInt32, _ isExpanding: Bool
  ) {
    if isExpanding { expand(words) }
    let choice = g ^ (e & (f ^ g))
    let majority = (a & b) | (c & (a | b))
    let sum1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
    let sum0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
    let mixed = h &+ words[0] &+ constant &+ choice &+ sum1
    d = d &+ mixed
    h = mixed &+ majority &+ sum0
  }

  @inline(__always)
  private static func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 {
    word &>> count | word &<< (32 &- count)
  }
}
