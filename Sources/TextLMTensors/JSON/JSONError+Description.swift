extension JSONError: CustomStringConvertible {
  /// What is wrong, at which byte, and what was expected.
  public var description: String {
    switch self {
    case .byteOrderMark:
      "JSON: the text begins with a byte order mark; save it as UTF-8 without one"
    case .invalidUTF8(let offset):
      "JSON: byte \(offset) is not valid UTF-8"
    case .tooLarge(let byteCount, let limit):
      "JSON: the text has \(byteCount) bytes, at most \(limit) are read"
    case .tooDeep(let offset, let limit):
      "JSON: byte \(offset): more than \(limit) levels inside one another"
    case .tooManyValues(let offset, let limit):
      "JSON: byte \(offset): more than \(limit) values"
    case .duplicateKey(let offset, let key):
      "JSON: byte \(offset): key \(quotedForMessage(key)) occurs twice in one object"
    case .unexpected(let offset, let found?, let expected):
      "JSON: byte \(offset): expected \(expected), found \(Self.name(of: found))"
    case .unexpected(let offset, nil, let expected):
      "JSON: byte \(offset): expected \(expected), found the end of the text"
    case .controlCharacter(let offset, let byte):
      "JSON: byte \(offset): \(Self.name(of: byte)) in a string must be written as an escape"
    case .invalidEscape(let offset):
      "JSON: byte \(offset): not an escape sequence of JSON"
    case .loneSurrogate(let offset):
      "JSON: byte \(offset): half of a surrogate pair; such text is not Unicode"
    case .numberOutOfRange(let offset):
      "JSON: byte \(offset): the number is too large or has too many digits"
    case .notFinite:
      "JSON: NaN and infinity cannot be written"
    }
  }

  private static func name(of byte: UInt8) -> String {
    if (0x21...0x7E).contains(byte) { return "\"\(Unicode.Scalar(byte))\"" }
    let digits = String(byte, radix: 16, uppercase: true)
    return "byte 0x" + (digits.utf8.count < 2 ? "0" : "") + digits
  }
}

extension JSONFieldError: CustomStringConvertible {
  /// Which key is wrong, what was expected there and what was found.
  public var description: String {
    switch self {
    case .missing(let path):
      "\(path): missing"
    case .wrongType(let path, let expected, let found),
      .outOfRange(let path, let expected, let found):
      "\(path): expected \(expected), found \(found)"
    case .unknownKey(let path, let known):
      "\(path): unknown key; known keys are \(known.joined(separator: ", "))"
    }
  }
}

/// Text from a file as it may appear in a message: in quotes, cut after 64 scalars, and with
/// everything invisible escaped, because file contents must not be able to steer a terminal.
package func quotedForMessage(_ text: String) -> String {
  let limit = 64
  var result = "\""
  for scalar in text.unicodeScalars.prefix(limit) {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
      result += "\\u{\(String(scalar.value, radix: 16))}"
    default:
      if scalar == "\"" || scalar == "\\" { result += "\\" }
      result.unicodeScalars.append(scalar)
    }
  }
  let isCut = text.unicodeScalars.dropFirst(limit).isEmpty == false
  return result + (isCut ? "\"..." : "\"")
}

/// The first twenty names from a file, which may have very many, as they may appear in a message.
package func quotedForMessage(_ names: [String]) -> String {
  let limit = 20
  return names.prefix(limit).map { quotedForMessage($0) }.joined(separator: ", ")
    + (names.count > limit ? ", ..." : "")
}
