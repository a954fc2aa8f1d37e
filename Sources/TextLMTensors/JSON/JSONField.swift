/// A JSON value with the path that led to it, so that a complaint about it names the key.
///
///     let config = JSONField(try JSONValue(parsing: text), path: "config")
///     let layers = try config.int("layers", in: 1...64)   // config.layers: expected ...
///     let names = try config.field("names").elements().map { try $0.string() }
public struct JSONField: Sendable {
  /// The value.
  public let value: JSONValue
  /// Where it is, such as `config.layers[2]`.
  public let path: String

  /// A value that messages call `path`.
  public init(_ value: JSONValue, path: String) {
    self.value = value
    self.path = path
  }

  /// The member of an object, which must be there.
  public func field(_ key: String) throws(JSONFieldError) -> JSONField {
    guard let member = try object()[key] else { throw .missing(path: path(to: key)) }
    return JSONField(member, path: path(to: key))
  }

  /// The member of an object, nil when it is absent or null.
  public func optionalField(_ key: String) throws(JSONFieldError) -> JSONField? {
    guard let member = try object()[key], member != .null else { return nil }
    return JSONField(member, path: path(to: key))
  }

  /// The object this value must be.
  public func object() throws(JSONFieldError) -> JSONObject {
    guard case .object(let object) = value else { throw wrongType("an object") }
    return object
  }

  /// Members of the object this value must be, in their order.
  public func members() throws(JSONFieldError) -> [(key: String, field: JSONField)] {
    try object().members.map { ($0.key, JSONField($0.value, path: path(to: $0.key))) }
  }

  /// Elements of the array this value must be.
  public func elements() throws(JSONFieldError) -> [JSONField] {
    guard case .array(let elements) = value else { throw wrongType("an array") }
    return elements.enumerated().map { JSONField($0.element, path: "\(path)[\($0.offset)]") }
  }

  /// The string this value must be.
  public func string() throws(JSONFieldError) -> String {
    guard case .string(let text) = value else { throw wrongType("a string") }
    return text
  }

  /// The integer this value must be, within `range`; `2.0`, `1e3` and `-0` are not integers.
  public func int(
    in range: ClosedRange<Int> = Int.min...Int.max
  ) throws(JSONFieldError) -> Int {
    let expected = Self.name(
      "an integer", from: range.lowerBound == .min ? nil : range.lowerBound,
      to: range.upperBound == .max ? nil : range.upperBound)
    switch value {
    case .integer(let wide):
      guard let value = Int(exactly: wide), range.contains(value) else {
        throw outOfRange(expected)
      }
      return value
    case .unsigned:
      // Too large for every range; the bound that was left out is the one to name.
      throw outOfRange(Self.name("an integer", from: range.lowerBound, to: range.upperBound))
    default: throw wrongType(expected)
    }
  }

  /// The integer from 0 to 2^64 - 1 this value must be, such as a random seed.
  public func uint64() throws(JSONFieldError) -> UInt64 {
    let expected = "an integer from 0 to \(UInt64.max)"
    switch value {
    case .integer(let value):
      guard let value = UInt64(exactly: value) else { throw outOfRange(expected) }
      return value
    case .unsigned(let value): return value
    default: throw wrongType(expected)
    }
  }

  /// The number this value must be, within `range`; integers are numbers too.
  public func double(
    in range: ClosedRange<Double> = -Double.infinity...Double.infinity
  ) throws(JSONFieldError) -> Double {
    let expected = Self.name(
      "a number", from: range.lowerBound == -.infinity ? nil : range.lowerBound,
      to: range.upperBound == .infinity ? nil : range.upperBound)
    let number: Double
    switch value {
    case .number(let value): number = value
    case .integer(let value): number = Double(value)
    case .unsigned(let value): number = Double(value)
    default: throw wrongType(expected)
    }
    guard range.contains(number) else { throw outOfRange(expected) }
    return number
  }

  /// The truth value this value must be.
  public func bool() throws(JSONFieldError) -> Bool {
    guard case .bool(let value) = value else { throw wrongType("true or false") }
    return value
  }

  /// Refuses members whose key is not in `known`, so that a misspelt option is never ignored.
  public func allowOnly(_ known: [String]) throws(JSONFieldError) {
    let knownKeys = Set(known.map(UTF8Key.init))
    for member in try object().members where !knownKeys.contains(UTF8Key(member.key)) {
      throw .unknownKey(path: path(to: member.key), known: known)
    }
  }

  /// "an integer from 1 to 64"; a bound of nil is left out.
  private static func name<Bound>(_ noun: String, from lower: Bound?, to upper: Bound?) -> String {
    switch (lower, upper) {
    case (let lower?, let upper?): "\(noun) from \(lower) to \(upper)"
    case (let lower?, nil): "\(noun) of at least \(lower)"
    case (nil, let upper?): "\(noun) of at most \(upper)"
    case (nil, nil): noun
    }
  }

  /// Keys are shown plainly when they look like ours and in escaped quotes when they do not.
  private func path(to key: String) -> String {
    let isPlain =
      !key.isEmpty && key.utf8.count <= 64
      && key.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
          || $0 == 0x5F || $0 == 0x2D
      }
    return "\(path).\(isPlain ? key : quotedForMessage(key))"
  }

  private func wrongType(_ expected: String) -> JSONFieldError {
    .wrongType(path: path, expected: expected, found: value.summary)
  }

  private func outOfRange(_ expected: String) -> JSONFieldError {
    .outOfRange(path: path, expected: expected, found: value.summary)
  }
}

extension JSONField {
  /// The string at a key that must be there.
  public func string(_ key: String) throws(JSONFieldError) -> String {
    try field(key).string()
  }

  /// The integer within `range` at a key that must be there.
  public func int(
    _ key: String, in range: ClosedRange<Int> = Int.min...Int.max
  ) throws(JSONFieldError) -> Int {
    try field(key).int(in: range)
  }

  /// The integer from 0 to 2^64 - 1 at a key that must be there.
  public func uint64(_ key: String) throws(JSONFieldError) -> UInt64 {
    try field(key).uint64()
  }

  /// The number within `range` at a key that must be there.
  public func double(
    _ key: String,
    in range: ClosedRange<Double> = -Double.infinity...Double.infinity
  ) throws(JSONFieldError) -> Double {
    try field(key).double(in: range)
  }

  /// The truth value at a key that must be there.
  public func bool(_ key: String) throws(JSONFieldError) -> Bool {
    try field(key).bool()
  }
}
