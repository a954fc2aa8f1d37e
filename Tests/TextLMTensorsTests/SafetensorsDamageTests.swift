import Testing
import TextLMTensors

@Suite("Safetensors damage")
struct SafetensorsDamageTests {
  @Test func everyTruncationIsNoticed() throws {
    let bytes = try SafetensorsWritingTests.bytes()
    for count in bytes.indices {
      #expect(throws: SafetensorsError.self, "cut to \(count) bytes") {
        // The lengths alone must do, for files of others have no checksum.
        try SafetensorsFile(reading: Array(bytes[..<count]), checksums: .ignored)
      }
    }
  }

  @Test func everySingleBitFlipIsNoticed() throws {
    // The file is small enough to try all bits: header, padding, metadata and data.
    let bytes = try SafetensorsWritingTests.bytes(
      SafetensorsWritingTests.entries + [
        SafetensorsEntry(name: "more", shape: [100], floats: (0..<100).map { Float($0) })
      ])
    #expect(bytes.count * 8 >= 10_000)
    for bit in 0..<(bytes.count * 8) {
      var damaged = bytes
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(throws: SafetensorsError.self, "bit \(bit % 8) of byte \(bit / 8)") {
        try SafetensorsFile(reading: damaged, checksums: .required)
      }
    }
  }

  @Test func flipsInALargeFileAreNoticed() throws {
    let count = 40_000
    let bytes = try SafetensorsWritingTests.bytes([
      SafetensorsEntry(name: "w", shape: [count], floats: (0..<count).map { Float($0) })
    ])
    var generator = SplitMix(state: 3)
    for _ in 0..<1000 {
      var damaged = bytes
      damaged[generator.below(bytes.count)] ^= 1 << UInt8(generator.below(8))
      #expect(throws: SafetensorsError.self) {
        try SafetensorsFile(reading: damaged, checksums: .required)
      }
    }
  }

  /// Headers put together from pieces that are each a published or likely bug: none may crash, and
  /// what is accepted must hold together.
  @Test func mutatedHeadersNeverCrash() throws {
    let numbers = [
      "0", "1", "2", "4", "8", "-1", "-0", "1.5", "1e3", "2147483648", "9007199254740993",
      "9223372036854775807", "9223372036854775808", "18446744073709551615",
      "18446744073709551616", "null", "\"x\"", "[]", "{}", "true", "1e999",
    ]
    let dtypes = ["F32", "F32", "F32", "F4", "F6_E2M3", "I64", "U8", "F33", "f32", ""]
    let names = ["a", "b", "c", "__metadata__", "\\u0061", "../x", "", "\u{E9}", "e\u{301}"]
    var generator = SplitMix(state: 11)
    func pick(_ list: [String]) -> String { list[generator.below(list.count)] }
    var acceptedCount = 0
    for _ in 0..<10_000 {
      var end = 0
      let tensors = (0..<generator.below(4)).map { _ in
        let isWild = generator.below(4) == 0
        let shape = (0..<generator.below(4)).map { _ in
          isWild ? pick(numbers) : "\(generator.below(3))"
        }
        let begin = end
        end += shape.reduce(4) { $0 * (Int($1).map { min(max($0, 0), 100) } ?? 1) }
        let offsets = isWild ? [pick(numbers), pick(numbers)] : ["\(begin)", "\(end)"]
        let dtype = isWild ? pick(dtypes) : "F32"
        return
          "\"\(pick(names))\":{\"dtype\":\"\(dtype)\",\"shape\":[\(shape.joined(separator: ","))]"
          + ",\"data_offsets\":[\(offsets.joined(separator: ","))]}"
      }
      var header = Array("{\(tensors.joined(separator: ","))}".utf8)
      if generator.below(4) == 0 {
        header[generator.below(header.count)] = UInt8(generator.below(256))
      }
      let size =
        generator.below(8) == 0 ? UInt64.max >> UInt64(generator.below(64)) : UInt64(header.count)
      let file =
        SafetensorsReadingTests.littleEndian(size) + header + [UInt8](repeating: 0, count: end)
      do {
        let file = try SafetensorsFile(reading: file, limits: .anyFile, checksums: .whenPresent)
        acceptedCount += 1
        for tensor in file.tensors where tensor.dtype == .float32 {
          #expect(try file.floats(tensor.name).count == tensor.shape.reduce(1, *))
        }
      } catch is SafetensorsError {}
    }
    #expect(acceptedCount > 1000)
  }
}
