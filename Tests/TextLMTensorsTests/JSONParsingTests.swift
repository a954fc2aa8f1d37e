import Testing
import TextLMTensors

@Suite("JSON parsing")
struct JSONParsingTests {
  struct Accepted: Sendable, CustomTestStringConvertible {
    let text: String
    let value: JSONValue
    var testDescription: String { text }
  }

  static let accepted: [Accepted] = [
    .init(text: " \t\r\n{} \n", value: [:]),
    .init(text: "[]", value: []),
    .init(text: "[ 1 , 2 ]", value: [1, 2]),
    .init(text: #"{"b":1,"a":[true,false,null]}"#, value: ["b": 1, "a": [true, false, .null]]),
    .init(text: "0", value: 0),
    .init(text: "-7", value: -7),
    .init(text: "9223372036854775807", value: .integer(.max)),
    .init(text: "-9223372036854775808", value: .integer(.min)),
    .init(text: "9223372036854775808", value: .unsigned(1 << 63)),
    .init(text: "18446744073709551615", value: .unsigned(.max)),
    .init(text: "18446744073709551616", value: .number(18_446_744_073_709_551_616)),
    .init(text: "1.0", value: .number(1)),
    .init(text: "1e3", value: .number(1000)),
    .init(text: "-1.5E-2", value: .number(-0.015)),
    .init(text: "0.1", value: .number(0.1)),
    .init(text: "1e-400", value: .number(0)),
    .init(text: "\"\"", value: ""),
    .init(text: #""\"\\\/\b\f\n\r\t""#, value: "\"\\/\u{8}\u{c}\n\r\t"),
    .init(text: #""\u0041\u00e9\u20AC\ud83d\ude00\u0000""#, value: "Aé€😀\0"),
    .init(text: "\"aé€😀\u{7F}\u{2028}\"", value: "aé€😀\u{7F}\u{2028}"),
    .init(text: #"{"":{"":0}}"#, value: ["": ["": 0]]),
  ]

  @Test(arguments: accepted)
  func acceptsAndKeepsHowNumbersAreWritten(_ item: Accepted) throws {
    #expect(try JSONValue(parsing: item.text) == item.value)
  }

  @Test func negativeZeroIsANumberWithItsSign() throws {
    guard case .number(let value) = try JSONValue(parsing: "-0") else {
      Issue.record("-0 is no number")
      return
    }
    #expect(value == 0 && value.sign == .minus)
  }

  struct Rejected: Sendable, CustomTestStringConvertible {
    let text: String
    let error: JSONError
    var testDescription: String { text.unicodeScalars.map { $0.escaped(asASCII: true) }.joined() }
  }

  static func unexpected(_ offset: Int, _ found: Character?, _ expected: String) -> JSONError {
    .unexpected(offset: offset, found: found?.asciiValue, expected: expected)
  }

  static let rejected: [Rejected] = [
    .init(text: "", error: unexpected(0, nil, "a value")),
    .init(text: " ", error: unexpected(1, nil, "a value")),
    .init(text: "\u{FEFF}{}", error: .byteOrderMark),
    .init(text: "{} {}", error: unexpected(3, "{", "nothing more")),
    .init(text: "{}\0", error: unexpected(2, "\0", "nothing more")),
    .init(text: "{}\u{A0}", error: .unexpected(offset: 2, found: 0xC2, expected: "nothing more")),
    .init(text: "{}//", error: unexpected(2, "/", "nothing more")),
    .init(text: "[1,]", error: unexpected(3, "]", "a value")),
    .init(text: "[,1]", error: unexpected(1, ",", "a value")),
    .init(text: "[1 2]", error: unexpected(3, "2", "\",\" or \"]\"")),
    .init(text: "[1", error: unexpected(2, nil, "\",\" or \"]\"")),
    .init(text: "[1}", error: unexpected(2, "}", "\",\" or \"]\"")),
    .init(text: #"{"a":1,}"#, error: unexpected(7, "}", "a key in quotes")),
    .init(text: "{a:1}", error: unexpected(1, "a", "a key in quotes")),
    .init(text: #"{"a" 1}"#, error: unexpected(5, "1", "\":\" after a key")),
    .init(text: #"{"a":}"#, error: unexpected(5, "}", "a value")),
    .init(text: #"{"a":1,"a":2}"#, error: .duplicateKey(offset: 7, key: "a")),
    .init(text: #"{"a":1,"\u0061":2}"#, error: .duplicateKey(offset: 7, key: "a")),
    .init(text: #"[{"x":{"a":1,"a":2}}]"#, error: .duplicateKey(offset: 13, key: "a")),
    .init(text: "tru", error: unexpected(3, nil, "the word true")),
    .init(text: "True", error: unexpected(0, "T", "a value")),
    .init(text: "nul!", error: unexpected(3, "!", "the word null")),
    .init(text: "NaN", error: unexpected(0, "N", "a value")),
    .init(text: "-Infinity", error: unexpected(1, "I", "a digit")),
    .init(text: "01", error: unexpected(1, "1", "nothing more")),
    .init(text: "-01", error: unexpected(2, "1", "nothing more")),
    .init(text: "+1", error: unexpected(0, "+", "a value")),
    .init(text: ".5", error: unexpected(0, ".", "a value")),
    .init(text: "1.", error: unexpected(2, nil, "a digit")),
    .init(text: "1e", error: unexpected(2, nil, "a digit")),
    .init(text: "1e+", error: unexpected(3, nil, "a digit")),
    .init(text: "0x10", error: unexpected(1, "x", "nothing more")),
    .init(text: "1e400", error: .numberOutOfRange(offset: 0)),
    .init(text: "[-1e400]", error: .numberOutOfRange(offset: 1)),
    .init(text: "\"a", error: unexpected(2, nil, "the end of a string")),
    .init(text: "\"a\\", error: unexpected(3, nil, "the end of a string")),
    .init(text: "\"a\nb\"", error: .controlCharacter(offset: 2, byte: 10)),
    .init(text: "\"\0\"", error: .controlCharacter(offset: 1, byte: 0)),
    .init(text: "\"\u{1F}\"", error: .controlCharacter(offset: 1, byte: 0x1F)),
    .init(text: #""\x41""#, error: .invalidEscape(offset: 1)),
    .init(text: #""\U0041""#, error: .invalidEscape(offset: 1)),
    .init(text: #""\u00G0""#, error: .invalidEscape(offset: 1)),
    .init(text: #""\u004""#, error: .invalidEscape(offset: 1)),
    .init(text: #""\ud800""#, error: .loneSurrogate(offset: 1)),
    .init(text: #""\ud800A""#, error: .loneSurrogate(offset: 1)),
    .init(text: #""\ud800\n""#, error: .loneSurrogate(offset: 1)),
    .init(text: #""\ud800\u0041""#, error: .loneSurrogate(offset: 1)),
    .init(text: #""\udc00""#, error: .loneSurrogate(offset: 1)),
    .init(text: #""\ud800\ud800""#, error: .loneSurrogate(offset: 1)),
    .init(text: "'a'", error: unexpected(0, "'", "a value")),
  ]

  @Test(arguments: rejected)
  func rejectsAtTheRightByte(_ item: Rejected) {
    #expect(throws: item.error) { try JSONValue(parsing: item.text) }
  }

  /// Sequences that RFC 3629 forbids, after two good bytes: bare continuation, overlong forms,
  /// a surrogate, past U+10FFFF, cut off, and the mark of UTF-16.
  @Test(
    arguments: [
      [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80],
      [0xF4, 0x90, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xE2, 0x82], [0xFE, 0xFF],
    ] as [[UInt8]])
  func rejectsInvalidUTF8(_ bytes: [UInt8]) {
    let text = Array("[\"".utf8) + bytes + Array("\"]".utf8)
    #expect(throws: JSONError.invalidUTF8(offset: 2)) { try JSONValue(parsing: text) }
  }

  @Test func rejectsUTF16() {
    let text: [UInt8] = [0xFF, 0xFE, 0x7B, 0, 0x7D, 0]
    #expect(throws: JSONError.invalidUTF8(offset: 0)) { try JSONValue(parsing: text) }
    #expect(throws: JSONError.self) { try JSONValue(parsing: [0x7B, 0, 0x7D, 0]) }
  }

  @Test(arguments: ["[", #"{"a":"#])
  func nestingStopsAt64Levels(_ opening: String) throws {
    let closing = opening == "[" ? "]" : "}"
    func nested(_ levels: Int) -> String {
      String(repeating: opening, count: levels - 1) + "[]"
        + String(repeating: closing, count: levels - 1)
    }
    _ = try JSONValue(parsing: nested(64))
    #expect(throws: JSONError.tooDeep(offset: 64 * opening.utf8.count, limit: 64)) {
      try JSONValue(parsing: nested(65))
    }
    #expect(throws: JSONError.tooDeep(offset: 64 * opening.utf8.count, limit: 64)) {
      try JSONValue(parsing: String(repeating: opening, count: 1_000_000))
    }
  }

  @Test func limitsAreInclusive() throws {
    _ = try JSONValue(parsing: "[1,2]", limits: JSONLimits(byteCount: 5, valueCount: 3))
    #expect(throws: JSONError.tooLarge(byteCount: 5, limit: 4)) {
      try JSONValue(parsing: "[1,2]", limits: JSONLimits(byteCount: 4))
    }
    #expect(throws: JSONError.tooManyValues(offset: 3, limit: 2)) {
      try JSONValue(parsing: "[1,2]", limits: JSONLimits(valueCount: 2))
    }
    #expect(throws: JSONError.numberOutOfRange(offset: 0)) {
      try JSONValue(parsing: String(repeating: "1", count: 2049))
    }
  }

  @Test func canonicallyEquivalentKeysAreDifferentKeys() throws {
    // "é" as U+00E9 and as e + U+0301 are one String to Swift and two keys to the file.
    let value = try JSONValue(parsing: "{\"\u{E9}\":1,\"e\u{301}\":2}")
    guard case .object(let object) = value else {
      Issue.record("no object")
      return
    }
    #expect(object.members.count == 2)
    #expect(object["\u{E9}"] == 1)
    #expect(object["e\u{301}"] == 2)
    #expect(JSONValue("\u{E9}") != JSONValue("e\u{301}"))
    #expect(UTF8Key("\u{E9}") != UTF8Key("e\u{301}"))
    #expect(Set([UTF8Key("\u{E9}"), UTF8Key("e\u{301}")]).count == 2)
  }

  @Test(arguments: [1, 8, 9, 10, 3000])
  func everyMemberOfAnObjectIsFound(_ count: Int) throws {
    // On both sides of the size from which objects keep an index.
    let text = "{" + (0..<count).map { "\"k\($0)\":\($0)" }.joined(separator: ",") + "}"
    guard case .object(var object) = try JSONValue(parsing: text) else {
      Issue.record("no object")
      return
    }
    for number in 0..<count { #expect(object["k\(number)"] == JSONValue(number)) }
    #expect(object["k\(count)"] == nil)
    #expect(object.append("k0", 0) == false)
    #expect(object.members.map(\.key) == (0..<count).map { "k\($0)" })
  }

  @Test func damagedTextsNeverCrashAndAcceptedOnesSurviveWriting() throws {
    let seed = Array(
      #"{"a":[1,-2.5e3,"x\n\u00e9\ud83d\ude00é",true,null,{}],"b":{"c":18446744073709551615}}"#.utf8
    )
    var generator = SplitMix(state: 7)
    let inserted = Array("[]{}\",:\\u0-.e ".utf8)
    var acceptedCount = 0
    for _ in 0..<20_000 {
      var bytes = seed
      for _ in 0...generator.below(2) where !bytes.isEmpty {
        let place = generator.below(bytes.count)
        switch generator.below(4) {
        case 0: bytes[place] ^= 1 << UInt8(generator.below(8))
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(inserted[generator.below(inserted.count)], at: place)
        default: bytes.replaceSubrange(place..., with: bytes[..<generator.below(bytes.count)])
        }
      }
      do {
        let value = try JSONValue(parsing: bytes)
        acceptedCount += 1
        #expect(try JSONValue(parsing: value.serialized()) == value)
      } catch {
        // Whatever is thrown is a JSONError, says the compiler.
      }
    }
    // Changed letters inside strings and digits inside numbers are still JSON.
    #expect(acceptedCount > 100)
  }
}

/// Reproducible choices for the damage tests (SplitMix64).
struct SplitMix {
  var state: UInt64

  mutating func below(_ count: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ mixed >> 31) % UInt64(count))
  }
}
