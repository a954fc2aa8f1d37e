/// Strings and numbers.
extension JSONParser {
  /// A longer literal cannot say more: the exact value of every Double has fewer characters.
  private static let longestNumber = 2048

  /// Parses a string that begins with the quotation mark at `position`.
  mutating func parseString() throws(JSONError) -> String {
    position += 1
    var runStart = position
    var unescaped: [UInt8] = []
    while true {
      guard let byte = next else { throw unexpected("the end of a string") }
      switch byte {
      case UInt8(ascii: "\""):
        let run = bytes[runStart..<position]
        position += 1
        if unescaped.isEmpty { return String(decoding: run, as: UTF8.self) }
        return String(decoding: unescaped + run, as: UTF8.self)
      case UInt8(ascii: "\\"):
        unescaped += bytes[runStart..<position]
        try parseEscape(into: &unescaped)
        runStart = position
      case 0..<0x20:
        throw .controlCharacter(offset: position, byte: byte)
      default:
        position += 1
      }
    }
  }

  private mutating func parseEscape(into text: inout [UInt8]) throws(JSONError) {
    let start = position
    position += 1
    guard let letter = next else { throw unexpected("the end of a string") }
    position += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"): try parseUnicodeEscape(from: start, into: &text)
    default: throw .invalidEscape(offset: start)
    }
  }

  private mutating func parseUnicodeEscape(
    from start: Int, into text: inout [UInt8]
  ) throws(JSONError) {
    var value = try parseFourHexDigits(from: start)
    if (0xD800..<0xDC00).contains(value) {
      guard next == UInt8(ascii: "\\"), position + 1 < bytes.count,
        bytes[position + 1] == UInt8(ascii: "u")
      else { throw .loneSurrogate(offset: start) }
      position += 2
      let low = try parseFourHexDigits(from: start)
      guard (0xDC00..<0xE000).contains(low) else { throw .loneSurrogate(offset: start) }
      value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(value) else { throw .loneSurrogate(offset: start) }
    text += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
  }

  private mutating func parseFourHexDigits(from start: Int) throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      let digit: UInt8
      switch next {
      case let byte? where (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte):
        digit = byte - UInt8(ascii: "0")
      case let byte? where (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20):
        digit = (byte | 0x20) - UInt8(ascii: "a") + 10
      default: throw .invalidEscape(offset: start)
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }

  /// Parses `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`.
  mutating func parseNumber() throws(JSONError) -> JSONValue {
    let start = position
    if next == UInt8(ascii: "-") { position += 1 }
    let digits = position
    if next == UInt8(ascii: "0") {
      position += 1
    } else {
      try parseDigits()
    }
    let isNegativeZero = digits > start && bytes[digits] == UInt8(ascii: "0")
    var isInteger = !isNegativeZero
    if next == UInt8(ascii: ".") {
      isInteger = false
      position += 1
      try parseDigits()
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      isInteger = false
      position += 1
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
      try parseDigits()
    }
    guard position - start <= Self.longestNumber else { throw .numberOutOfRange(offset: start) }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isInteger {
      if let value = Int64(text) { return .integer(value) }
      if let value = UInt64(text) { return .unsigned(value) }
    }
    guard let value = Double(text), value.isFinite else { throw .numberOutOfRange(offset: start) }
    return .number(value)
  }

  private mutating func parseDigits() throws(JSONError) {
    let start = position
    while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
      position += 1
    }
    if position == start { throw unexpected("a digit") }
  }
}
