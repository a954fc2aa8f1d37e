import Testing
import TextLMTensors

@Suite("JSON serialization")
struct JSONSerializationTests {
  @Test func compactTextInTheGivenOrder() throws {
    let value: JSONValue = [
      "z": 1, "a": [1.5, -0.0, 1e300, 1e-7], "s": "q\"b\\", "t": true, "n": .null,
      "u": JSONValue(UInt64.max), "o": [:], "e": [],
    ]
    #expect(
      try value.text()
        == #"{"z":1,"a":[1.5,-0.0,1e+300,1e-07],"s":"q\"b\\","t":true,"n":null,"#
        + #""u":18446744073709551615,"o":{},"e":[]}"#)
  }

  @Test func escapesWhatBreaksLines() throws {
    let text = "\u{0}\u{1F}\n\r\t\u{7F}\u{85}\u{2028}\u{2029}é😀/"
    #expect(
      try JSONValue(text).text()
        == #""\u0000\u001f\n\r\t"# + "\u{7F}" + #"\u0085\u2028\u2029é😀/""#)
  }

  @Test func everyScalarSurvives() throws {
    var text = ""
    for value in UInt32(0)...0x10FFFF {
      if let scalar = Unicode.Scalar(value) { text.unicodeScalars.append(scalar) }
    }
    let value = JSONValue(text)
    let bytes = try value.serialized()
    #expect(try JSONValue(parsing: bytes) == value)
    // One line in the eyes of every reader.
    let line = String(decoding: bytes, as: UTF8.self)
    #expect(!line.unicodeScalars.contains { $0.properties.isWhitespace && $0.value < 0x20 })
    #expect(!line.unicodeScalars.contains { ["\u{85}", "\u{2028}", "\u{2029}"].contains($0) })
  }

  @Test(
    arguments: [
      0, -0.0, 1, -1, 0.1, 1 / 3, 1e21, 1e-7, 123_456_789.123, .pi, .leastNonzeroMagnitude,
      .leastNormalMagnitude, .greatestFiniteMagnitude, 9_007_199_254_740_994,
    ] as [Double])
  func doublesSurviveBitForBit(_ number: Double) throws {
    guard case .number(let read) = try JSONValue(parsing: JSONValue(number).serialized()) else {
      Issue.record("\(number) was not read as a number")
      return
    }
    #expect(read.bitPattern == number.bitPattern)
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func nonFiniteNumbersAreRefusedOrNull(_ number: Double) throws {
    #expect(throws: JSONError.notFinite) { try JSONValue([JSONValue(number)]).serialized() }
    #expect(try JSONValue([JSONValue(number)]).text(nonFinite: .null) == "[null]")
  }
}

extension JSONValue {
  fileprivate init(_ elements: [JSONValue]) {
    self = .array(elements)
  }
}
