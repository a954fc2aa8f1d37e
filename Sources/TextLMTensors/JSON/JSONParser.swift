/// How much JSON a caller is ready to hold in memory. Nesting is always limited to 64 levels.
public struct JSONLimits: Sendable, Equatable {
  /// The largest accepted text, in bytes.
  public var byteCount: Int
  /// The largest accepted number of values, scalars and containers together. A value takes up to
  /// about 80 bytes of memory, so that this and not the text's size bounds what a file can claim.
  public var valueCount: Int

  /// Limits of `byteCount` bytes (default 64 MiB) and `valueCount` values (default 2^20).
  public init(byteCount: Int = 64 << 20, valueCount: Int = 1 << 20) {
    self.byteCount = byteCount
    self.valueCount = valueCount
  }
}

extension JSONValue {
  /// Parses a whole text, which may come from anyone.
  ///
  /// Stricter than RFC 8259 where that is vague: UTF-8 without byte order mark, no key twice (keys
  /// are compared by bytes after unescaping), no lone surrogates, numbers fit a Double, 64 levels.
  /// Around the value only spaces, tabs and line ends are allowed. Time and memory are linear.
  public init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
    var parser = try JSONParser(bytes, limits: limits)
    self = try parser.parseDocument()
  }

  /// Parses a whole text; see `init(parsing:limits:)`.
  public init(parsing text: String, limits: JSONLimits = JSONLimits()) throws(JSONError) {
    try self.init(parsing: Array(text.utf8), limits: limits)
  }
}

/// A recursive-descent parser over bytes that were checked to be UTF-8 first.
struct JSONParser {
  static let depthLimit = 64

  let bytes: [UInt8]
  let limits: JSONLimits
  var position = 0
  private var valueCount = 0

  init(_ bytes: [UInt8], limits: JSONLimits) throws(JSONError) {
    guard bytes.count <= limits.byteCount else {
      throw .tooLarge(byteCount: bytes.count, limit: limits.byteCount)
    }
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw .byteOrderMark }
    do throws(UTF8.ValidationError) {
      _ = try UTF8Span(validating: bytes.span)
    } catch {
      throw .invalidUTF8(offset: error.byteOffsets.lowerBound)
    }
    self.bytes = bytes
    self.limits = limits
  }

  mutating func parseDocument() throws(JSONError) -> JSONValue {
    skipSpace()
    let value = try parseValue(depth: 1)
    skipSpace()
    if position < bytes.count { throw unexpected("nothing more") }
    return value
  }

  var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  func unexpected(_ expected: String) -> JSONError {
    .unexpected(offset: position, found: next, expected: expected)
  }

  mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }

  private mutating func parseValue(depth: Int) throws(JSONError) -> JSONValue {
    guard depth <= Self.depthLimit else {
      throw .tooDeep(offset: position, limit: Self.depthLimit)
    }
    valueCount += 1
    guard valueCount <= limits.valueCount else {
      throw .tooManyValues(offset: position, limit: limits.valueCount)
    }
    switch next {
    case UInt8(ascii: "{"): return .object(try parseObject(depth: depth))
    case UInt8(ascii: "["): return .array(try parseArray(depth: depth))
    case UInt8(ascii: "\""): return .string(try parseString())
    case UInt8(ascii: "t"): return try parseWord("true", .bool(true))
    case UInt8(ascii: "f"): return try parseWord("false", .bool(false))
    case UInt8(ascii: "n"): return try parseWord("null", .null)
    case UInt8(ascii: "-"): return try parseNumber()
    case let byte? where (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte):
      return try parseNumber()
    default: throw unexpected("a value")
    }
  }

  private mutating func parseObject(depth: Int) throws(JSONError) -> JSONObject {
    var object = JSONObject()
    position += 1
    skipSpace()
    if next == UInt8(ascii: "}") {
      position += 1
      return object
    }
    while true {
      guard next == UInt8(ascii: "\"") else { throw unexpected("a key in quotes") }
      let keyOffset = position
      let key = try parseString()
      skipSpace()
      guard next == UInt8(ascii: ":") else { throw unexpected("\":\" after a key") }
      position += 1
      skipSpace()
      let value = try parseValue(depth: depth + 1)
      guard object.append(key, value) else { throw .duplicateKey(offset: keyOffset, key: key) }
      skipSpace()
      if try parseSeparator(closing: "}") { return object }
    }
  }

  private mutating func parseArray(depth: Int) throws(JSONError) -> [JSONValue] {
    var elements: [JSONValue] = []
    position += 1
    skipSpace()
    if next == UInt8(ascii: "]") {
      position += 1
      return elements
    }
    while true {
      elements.append(try parseValue(depth: depth + 1))
      skipSpace()
      if try parseSeparator(closing: "]") { return elements }
    }
  }

  /// Consumes a comma and the space after it, or the closing bracket; true when it was the latter.
  private mutating func parseSeparator(closing: Unicode.Scalar) throws(JSONError) -> Bool {
    switch next {
    case UInt8(ascii: closing):
      position += 1
      return true
    case UInt8(ascii: ","):
      position += 1
      skipSpace()
      return false
    default:
      throw unexpected("\",\" or \"\(closing)\"")
    }
  }

  private mutating func parseWord(
    _ word: StaticString, _ value: JSONValue
  ) throws(JSONError) -> JSONValue {
    for index in 0..<word.utf8CodeUnitCount {
      guard next == word.utf8Start[index] else { throw unexpected("the word \(word)") }
      position += 1
    }
    return value
  }
}
