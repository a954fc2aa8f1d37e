import Testing
import TextLMTensors

@Suite("Safetensors writing")
struct SafetensorsWritingTests {
  /// Two floats, a scalar, an empty tensor, counters and a half, in no particular order.
  static let entries: [SafetensorsEntry] = [
    SafetensorsEntry(name: "b", shape: [2, 1], floats: [1.5, -0.0]),
    SafetensorsEntry(name: "a", shape: [], floats: [.nan]),
    SafetensorsEntry(name: "é", shape: [0, 3], floats: []),
    SafetensorsEntry(name: "e\u{301}", shape: [1], floats: [3]),
    SafetensorsEntry(name: "steps", shape: [1], int64s: [-5]),
    SafetensorsEntry(name: "random", shape: [4], uint64s: [1, 2, 3, .max]),
    SafetensorsEntry(name: "tokens", shape: [3], int32s: [7, -8, 9]),
    SafetensorsEntry(name: "half", dtype: .float16, shape: [1]) { body in
      try [UInt8]([0, 0x3C]).withUnsafeBytes(body)
    },
  ]

  static func bytes(
    _ entries: [SafetensorsEntry] = entries,
    metadata: [(key: String, value: String)] = [("format", "textlm"), ("config", #"{"a":1}"#)]
  ) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try SafetensorsWriter(entries, metadata: metadata).write(to: &bytes)
    return bytes
  }

  @Test func readingGivesBackWhatWasWritten() throws {
    let file = try SafetensorsFile(reading: Self.bytes(), checksums: .required)
    #expect(
      try file.floats("b", shape: [2, 1]).map(\.bitPattern)
        == [Float(1.5), -0.0].map(\.bitPattern))
    #expect(try file.floats("a", shape: [])[0].isNaN)
    #expect(try file.floats("é", shape: [0, 3]) == [])
    #expect(try file.floats("e\u{301}", shape: [1]) == [3])
    #expect(try file.int64s("steps") == [-5])
    #expect(try file.uint64s("random") == [1, 2, 3, .max])
    #expect(try file.int32s("tokens") == [7, -8, 9])
    #expect(try file.info("half").dtype == .float16)
    #expect(
      file.metadata.map(\.key) == ["format", "config", "checksum", "header_checksum"])
    #expect(file.metadata("config") == #"{"a":1}"#)
    #expect(file.unknownFields.isEmpty)
    let memory = UnsafeMutableBufferPointer<Float>.allocate(capacity: 2)
    defer { memory.deallocate() }
    try file.readFloats("b", shape: [2, 1], into: memory)
    #expect(memory.elementsEqual([1.5, -0.0]))
  }

  @Test func layoutFollowsTheReferenceWriterWithDataAt64() throws {
    let bytes = try Self.bytes()
    let headerSize = bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    #expect((8 + headerSize) % 64 == 0)
    let header = String(decoding: bytes[8..<(8 + headerSize)], as: UTF8.self)
    #expect(
      header.hasPrefix(#"{"__metadata__":{"format":"textlm","config":"{\"a\":1}","checksum""#))
    // Alignment U64 > I64 > F32 > I32 > F16, names by bytes within one type.
    let file = try SafetensorsFile(reading: bytes, checksums: .required)
    let names = ["random", "steps", "a", "b", "e\u{301}", "é", "tokens", "half"]
    #expect(file.tensors.map { UTF8Key($0.name) } == names.map(UTF8Key.init))
    let sizes = [32, 8, 4, 8, 4, 0, 12, 2]
    #expect(file.tensors.map(\.byteRange.count) == sizes)
    #expect(bytes.count == 8 + headerSize + sizes.reduce(0, +))
  }

  @Test(arguments: 0..<70)
  func dataBeginsAt64ForEveryHeaderLength(_ length: Int) throws {
    let metadata = [(key: "k", value: String(repeating: "v", count: length))]
    let bytes = try Self.bytes([], metadata: metadata)
    #expect(bytes.count % 64 == 0)
    _ = try SafetensorsFile(reading: bytes, checksums: .required)
  }

  @Test func orderOfEntriesDoesNotMatterAndRewritingGivesTheSameBytes() throws {
    let bytes = try Self.bytes()
    #expect(try Self.bytes(Self.entries.reversed()) == bytes)
  }

  @Test func checksumIsTheHashOfTheTensorBytes() throws {
    let bytes = try Self.bytes()
    let file = try SafetensorsFile(reading: bytes, checksums: .required)
    var hash = SHA256()
    hash.update(Array(bytes.suffix(file.tensors.map(\.byteRange.count).reduce(0, +))))
    #expect(file.metadata("checksum") == "sha256:" + hash.hexDigest)
  }

  @Test func anotherWriterMayReorderTheHeader() throws {
    // The same content with metadata last, other spacing and other escapes: still the same file
    // to both checksums, as after a round through another program.
    let bytes = try Self.bytes([SafetensorsEntry(name: "a", shape: [1], floats: [2])])
    let file = try SafetensorsFile(reading: bytes, checksums: .required)
    let metadata = file.metadata.reversed().map {
      let value: JSONValue = .string($0.value)
      return "\"\($0.key)\" : \((try? value.text()) ?? "")"
    }
    let header =
      #"{"\u0061":{"shape":[ 1 ],"data_offsets":[0,4],"dtype":"F32"},"#
      + "\"__metadata__\":{\(metadata.joined(separator: ","))}}"
    let rewritten =
      SafetensorsReadingTests.littleEndian(UInt64(header.utf8.count)) + header.utf8
      + bytes.suffix(4)
    let read = try SafetensorsFile(reading: rewritten, checksums: .required)
    #expect(try read.floats("a") == [2])
  }

  @Test func refusesWhatCouldNotBeReadBack() throws {
    func entry(_ name: String, _ shape: [Int] = [1]) -> SafetensorsEntry {
      SafetensorsEntry(name: name, shape: shape, floats: [1])
    }
    #expect(throws: SafetensorsError.nameTaken("a")) {
      try SafetensorsWriter([entry("a"), entry("b"), entry("a")])
    }
    #expect(throws: SafetensorsError.nameTaken("__metadata__")) {
      try SafetensorsWriter([entry("__metadata__")])
    }
    #expect(throws: SafetensorsError.nameTaken("checksum")) {
      try SafetensorsWriter([], metadata: [("checksum", "")])
    }
    #expect(throws: SafetensorsError.nameTaken("k")) {
      try SafetensorsWriter([], metadata: [("k", ""), ("k", "")])
    }
    #expect(throws: SafetensorsError.nameTooLong(byteCount: 4097, limit: 4096)) {
      try SafetensorsWriter([entry(String(repeating: "n", count: 4097))])
    }
    #expect(throws: SafetensorsError.tooManyDimensions(name: "a", count: 9, limit: 8)) {
      try SafetensorsWriter([entry("a", [Int](repeating: 1, count: 9))])
    }
    for shape in [[-1], [1 << 62, 4], [1 << 61]] {
      #expect(
        throws: SafetensorsError.impossibleShape(name: "a", dtype: .float32, shape: shape)
      ) { try SafetensorsWriter([entry("a", shape)]) }
    }
    var bytes: [UInt8] = []
    #expect(throws: SafetensorsError.sizeMismatch(name: "a", expected: 8, found: 4)) {
      try SafetensorsWriter([entry("a", [2])]).write(to: &bytes)
    }
    let large = String(repeating: "x", count: 8 << 20)
    #expect(throws: SafetensorsError.self) {
      try SafetensorsWriter([], metadata: [("k", large)]).write(to: &bytes)
    }
    #expect(bytes.isEmpty)
  }
}
