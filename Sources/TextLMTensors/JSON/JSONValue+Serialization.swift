/// What to do with NaN and infinity, for which JSON has no word.
public enum NonFiniteNumbers: Sendable, Equatable {
  /// Writing one throws `JSONError.notFinite`.
  case rejected
  /// One is written as `null`.
  case null
}

extension JSONValue {
  /// The value as compact JSON on one line, in UTF-8.
  ///
  /// U+0085, U+2028 and U+2029 are escaped with the control characters, because some readers take
  /// them for line ends. Numbers have the fewest digits that give the same Double when read.
  public func serialized(
    nonFinite: NonFiniteNumbers = .rejected
  ) throws(JSONError) -> [UInt8] {
    var output: [UInt8] = []
    try write(to: &output, nonFinite)
    return output
  }

  /// The value as compact JSON on one line; see `serialized(nonFinite:)`.
  public func text(nonFinite: NonFiniteNumbers = .rejected) throws(JSONError) -> String {
    String(decoding: try serialized(nonFinite: nonFinite), as: UTF8.self)
  }

  private func write(to output: inout [UInt8], _ nonFinite: NonFiniteNumbers) throws(JSONError) {
    switch self {
    case .object(let object):
      output.append(UInt8(ascii: "{"))
      for (index, member) in object.members.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        Self.appendQuoted(member.key, to: &output)
        output.append(UInt8(ascii: ":"))
        try member.value.write(to: &output, nonFinite)
      }
      output.append(UInt8(ascii: "}"))
    case .array(let elements):
      output.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        try element.write(to: &output, nonFinite)
      }
      output.append(UInt8(ascii: "]"))
    case .string(let text): Self.appendQuoted(text, to: &output)
    case .integer(let value): output += String(value).utf8
    case .unsigned(let value): output += String(value).utf8
    case .number(let value):
      if value.isFinite {
        output += value.description.utf8
      } else if nonFinite == .null {
        output += "null".utf8
      } else {
        throw .notFinite
      }
    case .bool(let value): output += (value ? "true" : "false").utf8
    case .null: output += "null".utf8
    }
  }

  private static func appendQuoted(_ text: String, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "\""))
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": output += "\\\"".utf8
      case "\\": output += "\\\\".utf8
      case "\n": output += "\\n".utf8
      case "\r": output += "\\r".utf8
      case "\t": output += "\\t".utf8
      case "\u{0}"..."\u{1F}", "\u{85}", "\u{2028}", "\u{2029}":
        let digits = String(scalar.value, radix: 16)
        output += "\\u".utf8
        output += String(repeating: "0", count: 4 - digits.utf8.count).utf8
        output += digits.utf8
      default:
        output += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
      }
    }
    output.append(UInt8(ascii: "\""))
  }
}
