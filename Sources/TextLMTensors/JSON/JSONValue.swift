/// A JSON document: an object with ordered members, an array, or a scalar.
///
/// Numbers keep the way they were written, because a count of `2.0` layers or `1e3` steps is an
/// error in a model file: a literal of digits is an `integer` (or `unsigned` above `Int64.max`),
/// every other one, `-0` included, is a `number`.
public enum JSONValue: Sendable {
  /// An object.
  case object(JSONObject)
  /// An array.
  case array([JSONValue])
  /// A string after unescaping.
  case string(String)
  /// A literal of digits that fits 64 bits with a sign.
  case integer(Int64)
  /// A literal of digits from 2^63 to 2^64 - 1, such as a random seed. Smaller values are
  /// always `integer`; build values with `init(_: UInt64)`, which keeps that rule.
  case unsigned(UInt64)
  /// Any other number, always finite when it was parsed.
  case number(Double)
  /// `true` or `false`.
  case bool(Bool)
  /// `null`.
  case null
}

extension JSONValue: Equatable {
  /// True when both are the same case with the same content; strings are compared by their bytes
  /// and an `integer` never equals a `number`.
  public static func == (left: JSONValue, right: JSONValue) -> Bool {
    switch (left, right) {
    case (.object(let left), .object(let right)): left == right
    case (.array(let left), .array(let right)): left == right
    case (.string(let left), .string(let right)): UTF8Key(left) == UTF8Key(right)
    case (.integer(let left), .integer(let right)): left == right
    case (.unsigned(let left), .unsigned(let right)): left == right
    case (.number(let left), .number(let right)): left == right
    case (.bool(let left), .bool(let right)): left == right
    case (.null, .null): true
    default: false
    }
  }
}

extension JSONValue {
  /// A string value.
  public init(_ value: String) {
    self = .string(value)
  }

  /// An integer value.
  public init(_ value: Int) {
    self = .integer(Int64(value))
  }

  /// An integer value, `unsigned` only where it has to be.
  public init(_ value: UInt64) {
    self = Int64(exactly: value).map(JSONValue.integer) ?? .unsigned(value)
  }

  /// A number value; serializing one that is not finite throws unless asked otherwise.
  public init(_ value: Double) {
    self = .number(value)
  }

  /// A truth value.
  public init(_ value: Bool) {
    self = .bool(value)
  }

  /// What the value is, in the words of an error message: "an object", "the integer 3".
  package var summary: String {
    switch self {
    case .object: "an object"
    case .array(let elements): "an array of \(elements.count)"
    case .string(let text): "the string \(quotedForMessage(text))"
    case .integer(let value): "the integer \(value)"
    case .unsigned(let value): "the integer \(value)"
    case .number(let value): "the number \(value)"
    case .bool(let value): "\(value)"
    case .null: "null"
    }
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  /// A string literal.
  public init(stringLiteral value: String) {
    self = .string(value)
  }

  /// An integer literal.
  public init(integerLiteral value: Int64) {
    self = .integer(value)
  }

  /// A floating-point literal.
  public init(floatLiteral value: Double) {
    self = .number(value)
  }

  /// A truth literal.
  public init(booleanLiteral value: Bool) {
    self = .bool(value)
  }

  /// An array literal.
  public init(arrayLiteral elements: JSONValue...) {
    self = .array(elements)
  }

  /// An object literal; a key that occurs twice is a programming error and traps.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(JSONObject(uniqueKeys: elements))
  }
}
