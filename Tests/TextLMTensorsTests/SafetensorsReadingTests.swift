import Testing
import TextLMTensors

/// The verdicts of Python's safetensors 0.8.0, measured once per row; `stricter` marks the rows on
/// which textlm refuses what that reader accepts.
@Suite("Safetensors reading")
struct SafetensorsReadingTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let id: String
    let file: [UInt8]
    var testDescription: String { id }

    init(_ id: String, _ header: String, data: Int = 0) {
      self.init(id, header: Array(header.utf8), data: data)
    }

    init(_ id: String, header: [UInt8], data: Int = 0) {
      self.init(
        id,
        file: littleEndian(UInt64(header.count)) + header + [UInt8](repeating: 0, count: data))
    }

    init(_ id: String, file: [UInt8]) {
      self.id = id
      self.file = file
    }
  }

  static func littleEndian(_ value: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
  }

  /// The header of one tensor "a".
  static func tensor(_ dtype: String, _ shape: String, _ offsets: String) -> String {
    #"{"a":{"dtype":"\#(dtype)","shape":\#(shape),"data_offsets":\#(offsets)}}"#
  }

  private static let float = #"{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"#
  private static let nothing = #"{"dtype":"F32","shape":[0],"data_offsets":[0,0]}"#
  private static let nested = { @Sendable (levels: Int) in
    let inner = String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
    return #"{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0],"x":\#(inner)}}"#
  }

  static let accepted: [Case] = [
    Case("null metadata", #"{"__metadata__":null,"a":\#(float)}"#, data: 4),
    Case("metadata after tensors", #"{"a":\#(float),"__metadata__":{"k":"v"}}"#, data: 4),
    Case(
      "unknown field",
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"extra":{"x":[1]}}}"#, data: 4),
    Case("leading space", " " + tensor("F32", "[1]", "[0,4]"), data: 4),
    Case("leading newline", "\n" + tensor("F32", "[1]", "[0,4]"), data: 4),
    Case("trailing space, tab, newline", tensor("F32", "[1]", "[0,4]") + " \t\n\r", data: 4),
    Case("empty object", "{}"),
    Case("metadata only", #"{"__metadata__":{"a":"b"}}"#),
    Case("shape [0]", tensor("F32", "[0]", "[0,0]")),
    Case("scalar", tensor("F32", "[]", "[0,4]"), data: 4),
    Case("F4, even count", tensor("F4", "[2]", "[0,1]"), data: 1),
    Case("F6, whole bytes", tensor("F6_E2M3", "[4]", "[0,3]"), data: 3),
    Case("BOOL byte 2", file: Case("", tensor("BOOL", "[1]", "[0,1]")).file + [2]),
    Case("zero before huge", tensor("F32", "[0,4611686018427387904,2]", "[0,0]")),
    Case("empty name", #"{"":\#(float)}"#, data: 4),
    Case("NUL in name", #"{"\u0000":\#(float)}"#, data: 4),
    Case("path as name", #"{"../../etc/passwd":\#(float)}"#, data: 4),
    Case("surrogate pair in name", #"{"\ud83d\ude00":\#(float)}"#, data: 4),
    Case(
      "NFC and NFD names", "{\"\u{E9}\":\(nothing),\"e\u{301}\":\(nothing)}"),
    Case("header length 5", #"{}   "#),
    Case("depth 60 in unknown field", nested(60)),
    Case(
      "empty tensors between",
      #"{"z":{"dtype":"F32","shape":[0],"data_offsets":[4,4]},"a":\#(float),"b":\#(nothing)}"#,
      data: 4),
    Case("name of 4 KiB", #"{"\#(String(repeating: "n", count: 4096))":\#(float)}"#, data: 4),
    Case("8 dimensions", tensor("F32", "[1,1,1,1,1,1,1,1]", "[0,4]"), data: 4),
  ]

  @Test(arguments: accepted)
  func accepts(_ item: Case) throws {
    let file = try SafetensorsFile(reading: item.file, checksums: .whenPresent)
    for tensor in file.tensors {
      #expect(try file.info(tensor.name) == tensor)
    }
  }

  static let stricter: [Case] = [
    Case(
      "duplicate tensor, last one valid",
      #"{"a":{"dtype":"F32","shape":[9],"data_offsets":[0,4]},"a":\#(float)}"#, data: 4),
    Case("duplicate metadata key", #"{"__metadata__":{"k":"1","k":"2"}}"#),
    Case(
      "huge dimensions after zero",
      tensor("F32", "[0,18446744073709551615,18446744073709551615]", "[0,0]")),
    Case("depth 100 in unknown field", nested(100)),
    Case("name over 4 KiB", #"{"\#(String(repeating: "n", count: 4097))":\#(float)}"#, data: 4),
    Case("9 dimensions", tensor("F32", "[1,1,1,1,1,1,1,1,1]", "[0,4]"), data: 4),
    Case(
      "65,537 tensors",
      "{" + (0...65_536).map { "\"\($0)\":\(nothing)" }.joined(separator: ",") + "}"),
  ]

  static let rejected: [Case] = [
    Case("7 bytes", file: [2, 0, 0, 0, 0, 0, 0]),
    Case("no bytes", file: []),
    Case("N = 2^63", file: littleEndian(1 << 63) + Array("{}".utf8)),
    Case("N = 2^64 - 1", file: littleEndian(.max) + Array("{}".utf8)),
    Case("N = 100,000,001", file: littleEndian(100_000_001) + Array("{}".utf8)),
    Case("N past the file", file: littleEndian(3) + Array("{}".utf8)),
    Case("N = 0", file: littleEndian(0)),
    Case("N = 0 with data", file: littleEndian(0) + Array("{}".utf8)),
    Case("invalid UTF-8", header: Array("{\"".utf8) + [0xFF] + Array("\":1}".utf8)),
    Case("UTF-16", header: [0x7B, 0, 0x7D, 0]),
    Case("byte order mark", "\u{FEFF}{}"),
    Case("array", "[]"),
    Case("string", "\"a\""),
    Case("comment", "{}/**/"),
    Case("trailing comma", #"{"a":\#(float),}"#, data: 4),
    Case("trailing NUL", "{}\0"),
    Case("trailing junk", "{}x"),
    Case("raw control character", "{\"a\nb\":\(float)}", data: 4),
    Case("lone surrogate", #"{"\ud800":\#(float)}"#, data: 4),
    Case("NaN literal", #"{"a":{"dtype":"F32","shape":[NaN],"data_offsets":[0,4]}}"#, data: 4),
    Case("depth 130", nested(130)),
    Case(
      "duplicate field",
      #"{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, data: 4),
    Case("duplicate __metadata__", #"{"__metadata__":{},"__metadata__":{}}"#),
    Case("metadata number", #"{"__metadata__":{"k":1}}"#),
    Case("metadata null value", #"{"__metadata__":{"k":null}}"#),
    Case("metadata array", #"{"__metadata__":[]}"#),
    Case("no dtype", #"{"a":{"shape":[1],"data_offsets":[0,4]}}"#, data: 4),
    Case("no shape", #"{"a":{"dtype":"F32","data_offsets":[0,4]}}"#, data: 4),
    Case("no data_offsets", #"{"a":{"dtype":"F32","shape":[1]}}"#, data: 4),
    Case("tensor is null", #"{"a":null}"#),
    Case("shape 1.0", tensor("F32", "[1.0]", "[0,4]"), data: 4),
    Case("shape 1e0", tensor("F32", "[1e0]", "[0,4]"), data: 4),
    Case("shape 01", tensor("F32", "[01]", "[0,4]"), data: 4),
    Case("shape -1", tensor("F32", "[-1]", "[0,4]"), data: 4),
    Case("shape -0", tensor("F32", "[-0]", "[0,0]")),
    Case("shape \"1\"", tensor("F32", "[\"1\"]", "[0,4]"), data: 4),
    Case("shape 2^64", tensor("F32", "[18446744073709551616]", "[0,4]"), data: 4),
    Case("shape null", tensor("F32", "null", "[0,4]"), data: 4),
    Case("offset 4.0", tensor("F32", "[1]", "[0,4.0]"), data: 4),
    Case("offset -4", tensor("F32", "[1]", "[-4,0]"), data: 4),
    Case("elements overflow", tensor("F32", "[4294967296,4294967296]", "[0,0]")),
    Case("bytes overflow", tensor("F32", "[2305843009213693952]", "[0,0]")),
    Case(
      "overflow before zero",
      tensor("F32", "[18446744073709551615,18446744073709551615,0]", "[0,0]")),
    Case(
      "overflow before zero, 63 bit",
      tensor("F32", "[9223372036854775807,9223372036854775807,0]", "[0,0]")),
    Case("unknown dtype", tensor("F31", "[1]", "[0,4]"), data: 4),
    Case("lower-case dtype", tensor("f32", "[1]", "[0,4]"), data: 4),
    Case("dtype number", #"{"a":{"dtype":32,"shape":[1],"data_offsets":[0,4]}}"#, data: 4),
    Case("F4, odd count", tensor("F4", "[3]", "[0,1]"), data: 1),
    Case("F6, broken byte", tensor("F6_E3M2", "[3]", "[0,2]"), data: 2),
    Case("three offsets", tensor("F32", "[1]", "[0,4,4]"), data: 4),
    Case("one offset", tensor("F32", "[1]", "[0]"), data: 4),
    Case("end before begin", tensor("F32", "[1]", "[4,0]"), data: 4),
    Case("offsets of 2^63", tensor("F32", "[1]", "[9223372036854775808,9223372036854775812]")),
    Case(
      "offsets near 2^63",
      tensor("U8", "[9223372036854775807]", "[0,9223372036854775807]"), data: 4),
    Case("hole at start", tensor("F32", "[1]", "[4,8]"), data: 8),
    Case(
      "hole between",
      #"{"a":\#(float),"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}"#, data: 12),
    Case(
      "overlap",
      #"{"a":\#(float),"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}"#, data: 6),
    Case("same range twice", #"{"a":\#(float),"b":\#(float)}"#, data: 4),
    Case("size larger than shape", tensor("F32", "[1]", "[0,8]"), data: 8),
    Case("size smaller than shape", tensor("F32", "[2]", "[0,4]"), data: 4),
    Case(
      "escaped duplicate",
      #"{"a":\#(float),"\u0061":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, data: 8),
    Case("1 byte short", tensor("F32", "[1]", "[0,4]"), data: 3),
    Case("1 byte extra", tensor("F32", "[1]", "[0,4]"), data: 5),
    Case("{} with data", "{}", data: 1),
  ]

  @Test(arguments: stricter + rejected)
  func rejects(_ item: Case) {
    for checksums in [ChecksumPolicy.ignored, .whenPresent, .required] {
      #expect(throws: SafetensorsError.self) {
        try SafetensorsFile(reading: item.file, limits: .anyFile, checksums: checksums)
      }
    }
  }

  @Test func headerLengthIsCheckedAgainstTheLimitBeforeTheFile() {
    let file = Self.littleEndian(8 << 20 | 1) + Array("{}".utf8)
    #expect(throws: SafetensorsError.headerTooLarge(byteCount: 8 << 20 | 1, limit: 8 << 20)) {
      try SafetensorsFile(reading: file, checksums: .ignored)
    }
    #expect(throws: SafetensorsError.truncated(expected: 8 + 8 << 20 | 1, found: 10)) {
      try SafetensorsFile(reading: file, limits: .anyFile, checksums: .ignored)
    }
  }

  @Test func unknownFieldsAreReported() throws {
    let item = try #require(Self.accepted.first { $0.id == "unknown field" })
    let file = try SafetensorsFile(reading: item.file, checksums: .ignored)
    #expect(file.unknownFields == ["header.a.extra"])
  }

  /// `safetensors.numpy.save({"w": np.array([[1, -2.5]], np.float32), "n": np.array([7, -1],
  /// np.int64), "b": np.array([], np.float32), "h": np.array([1], np.float16)}, {"k": "é"}).hex()`
  @Test func readsWhatPythonWrites() throws {
    let header =
      #"{"__metadata__":{"k":"é"},"n":{"dtype":"I64","shape":[2],"data_offsets":[0,16]},"#
      + #""b":{"dtype":"F32","shape":[0],"data_offsets":[16,16]},"#
      + #""w":{"dtype":"F32","shape":[1,2],"data_offsets":[16,24]},"#
      + #""h":{"dtype":"F16","shape":[1],"data_offsets":[24,26]}}"#
    let data: [UInt8] =
      [7, 0, 0, 0, 0, 0, 0, 0] + [UInt8](repeating: 0xFF, count: 8)
      + [0, 0, 0x80, 0x3F, 0, 0, 0x20, 0xC0] + [0, 0x3C]
    let padding = [UInt8](repeating: 0x20, count: (8 - header.utf8.count % 8) % 8)
    let bytes =
      Self.littleEndian(UInt64(header.utf8.count + padding.count)) + header.utf8 + padding + data
    let file = try SafetensorsFile(reading: bytes, checksums: .whenPresent)
    #expect(file.metadata("k") == "é")
    #expect(file.tensors.map(\.name) == ["n", "b", "w", "h"])
    #expect(try file.floats("w", shape: [1, 2]) == [1, -2.5])
    #expect(try file.int64s("n") == [7, -1])
    #expect(try file.floats("b") == [])
    #expect(file.contains("h") && !file.contains("x"))
    #expect(throws: SafetensorsError.wrongDType(name: "h", expected: .float32, found: .float16)) {
      try file.floats("h")
    }
    #expect(throws: SafetensorsError.wrongShape(name: "w", expected: [2, 1], found: [1, 2])) {
      try file.floats("w", shape: [2, 1])
    }
    #expect(throws: SafetensorsError.missingTensor(name: "x")) { try file.floats("x") }
    #expect(throws: SafetensorsError.missingChecksum(key: "header_checksum")) {
      try SafetensorsFile(reading: bytes, checksums: .required)
    }
  }
}
