import Testing
import TextLMTokenization

@Suite struct TextDecoderTests {
  private let decoder = TextDecoder()

  private func error(_ bytes: [UInt8]) -> TextError? {
    #expect(throws: TextError.self) { try decoder.decode(bytes, source: "x") }
  }

  @Test func oneByteOrderMarkIsStrippedAndReported() throws {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let plain = try decoder.decode(Array("ab".utf8), source: "x")
    #expect(plain.text == UTF8Text("ab"))
    #expect(!plain.hadByteOrderMark)
    let marked = try decoder.decode(mark + Array("ab".utf8), source: "x")
    #expect(marked.text == UTF8Text("ab"))
    #expect(marked.hadByteOrderMark)
    let twice = try decoder.decode(mark + mark, source: "x")
    #expect(twice.text == UTF8Text("\u{FEFF}"))
    let inside = try decoder.decode(Array("a\u{FEFF}".utf8), source: "x")
    #expect(inside.text == UTF8Text("a\u{FEFF}"))
    #expect(try decoder.decode([], source: "x").text.bytes.isEmpty)
  }

  @Test func memoryAndArrayGiveTheSame() throws {
    let bytes = Array("\u{FEFF}naïve 日本".utf8)
    let copied = try bytes.withUnsafeBytes { try decoder.decode($0, source: "x") }
    #expect(copied == (try decoder.decode(bytes, source: "x")))
  }

  @Test func everyScalarIsValid() throws {
    let all = text(allScalars)
    #expect(try decoder.decode(all.bytes, source: "x").text == all)
  }

  /// Verdict and place against the definition: valid is what is made of encoded scalars.
  @Test func hostileBytesAgainstTheDefinition() {
    let encodings = Set(allScalars.map { $0.utf8.reduce(UInt64(1)) { $0 << 8 | UInt64($1) } })
    func firstWrong(_ bytes: [UInt8]) -> Int? {
      var start = 0
      scalars: while start < bytes.count {
        var packed: UInt64 = 1
        for end in start..<min(start + 4, bytes.count) {
          packed = packed << 8 | UInt64(bytes[end])
          if encodings.contains(packed) {
            start = end + 1
            continue scalars
          }
        }
        return start
      }
      return nil
    }
    var sequences: [[UInt8]] = []
    for first in UInt8.min...255 {
      sequences.append([first])
      for second in UInt8.min...255 { sequences.append([first, second]) }
    }
    // Every edge of the ranges of table 3-7 of the Unicode Standard, on every place.
    let edges: [UInt8] = [
      0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC1, 0xC2, 0xDF, 0xE0, 0xED, 0xEF, 0xF0,
      0xF4, 0xF5,
    ]
    for first in edges {
      for second in edges {
        for third in edges {
          sequences.append([first, second, third])
          for fourth in edges { sequences.append([first, second, third, fourth]) }
        }
      }
    }
    var disagreements: [[UInt8]] = []
    for sequence in sequences {
      // With letters around: at the very start a byte-order mark would be seen.
      let bytes = [0x61] + sequence + [0x62]
      let outcome = Result { () throws(TextError) in
        try decoder.decode(bytes, source: "x").text.bytes
      }
      let expected = firstWrong(bytes).map { offset in
        let line = 1 + bytes[..<offset].count { $0 == 0x0A }
        return Result<[UInt8], TextError>.failure(
          .invalidBytes(source: "x", encoding: "UTF-8", byteOffset: offset, line: line))
      }
      if outcome != expected ?? .success(bytes) { disagreements.append(bytes) }
    }
    #expect(disagreements.isEmpty)
  }

  @Test func errorsSayWhere() {
    let long = [UInt8](repeating: 0x61, count: 100_000)
    #expect(
      error(Array("one\ntwo\nth".utf8) + [0xFF])
        == .invalidBytes(source: "x", encoding: "UTF-8", byteOffset: 10, line: 3))
    #expect(
      error(long + [0xC3])
        == .invalidBytes(source: "x", encoding: "UTF-8", byteOffset: 100_000, line: 1))
    // The offset counts the byte-order mark, so that a person finds it in the file.
    #expect(
      error([0xEF, 0xBB, 0xBF, 0x0A, 0xED, 0xA0, 0x80])
        == .invalidBytes(source: "x", encoding: "UTF-8", byteOffset: 4, line: 2))
  }

  @Test(
    arguments: [
      ("UTF-16LE", [0xFF, 0xFE, 0x61, 0]), ("UTF-16BE", [0xFE, 0xFF, 0, 0x61]),
      ("UTF-32LE", [0xFF, 0xFE, 0, 0, 0x61, 0, 0, 0]),
      ("UTF-32BE", [0, 0, 0xFE, 0xFF, 0, 0, 0, 0x61]),
    ] as [(String, [UInt8])])
  func otherMarksAreNamed(encoding: String, bytes: [UInt8]) {
    #expect(
      error(bytes) == .otherEncoding(source: "x", encoding: encoding, hasByteOrderMark: true))
  }

  @Test(arguments: ["Hello", "Plain text with umlauts äöü, and\nlines.\n"])
  func unmarkedUTF16AndUTF32AreSuspected(string: String) {
    let units = Array(string.utf16)
    let little = units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    let big = units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    let wideLittle = units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8), 0, 0] }
    let wideBig = units.flatMap { [0, 0, UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    for (encoding, bytes) in [
      ("UTF-16LE", little), ("UTF-16BE", big), ("UTF-32LE", wideLittle), ("UTF-32BE", wideBig),
    ] {
      #expect(
        error(bytes) == .otherEncoding(source: "x", encoding: encoding, hasByteOrderMark: false))
    }
  }

  @Test(arguments: [
    "\0", "a\0b", "\0\0\0\0\0\0\0\0\0\0\0\0", "ab\0cd\0ef\0gh\0ij\0kl\0",
    "name\0other name\0third\0",
    "\u{1}\u{2}\u{7F}\u{80}\u{9F}\r\n\r\u{2028}",
  ])
  func nulAndControlsAreOrdinary(string: String) throws {
    #expect(try decoder.decode(Array(string.utf8), source: "x").text == UTF8Text(string))
  }
}
