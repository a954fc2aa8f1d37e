import Testing
import TextLMTensors

@Suite("SHA-256")
struct SHA256Tests {
  /// FIPS 180-4's examples and the empty message.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqr"
        + "lmnopqrsmnopqrstnopqrstu",
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
    ),
  ])
  func publishedVectors(_ message: String, _ digest: String) {
    var hash = SHA256()
    hash.update(Array(message.utf8))
    #expect(hash.hexDigest == digest)
  }

  /// With the processor's own instructions where it has them, and without; in a process of its own,
  /// because the instruction set is the process's.
  @Test(arguments: [InstructionSet.plain, .avx2])
  func aMillionLetters(instructionSet: InstructionSet) async {
    await #expect(processExitsWith: .success) { [instructionSet] in
      Engine.limitInstructionSet(to: instructionSet)
      var hash = SHA256()
      for _ in 0..<1000 { hash.update([UInt8](repeating: UInt8(ascii: "a"), count: 1000)) }
      #expect(
        hash.hexDigest == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }
  }

  @Test func anySplitGivesTheSameHash() {
    let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0 * 7) }
    for length in [0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 129, 300] {
      var whole = SHA256()
      whole.update(Array(bytes[..<length]))
      for split in 0...length {
        var parts = SHA256()
        parts.update(Array(bytes[..<split]))
        _ = parts.hexDigest
        parts.update(Array(bytes[split..<length]))
        #expect(parts.hexDigest == whole.hexDigest, "\(length) bytes split at \(split)")
      }
    }
  }
}
