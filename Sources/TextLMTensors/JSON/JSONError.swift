/// Why a text is not the strict JSON that textlm reads. Every place is a byte offset from the
/// start of the text.
public enum JSONError: Error, Equatable, Sendable {
  /// The text begins with a byte order mark.
  case byteOrderMark
  /// The bytes from `offset` on are not UTF-8.
  case invalidUTF8(offset: Int)
  /// The text has more bytes than allowed.
  case tooLarge(byteCount: Int, limit: Int)
  /// More than `limit` values are inside one another.
  case tooDeep(offset: Int, limit: Int)
  /// The text holds more than `limit` values.
  case tooManyValues(offset: Int, limit: Int)
  /// An object has a key twice; `offset` is the second one's.
  case duplicateKey(offset: Int, key: String)
  /// Another byte was needed here; `found` is nil at the end of the text.
  case unexpected(offset: Int, found: UInt8?, expected: String)
  /// A string holds a control character that should be escaped.
  case controlCharacter(offset: Int, byte: UInt8)
  /// An escape in a string is none of JSON's.
  case invalidEscape(offset: Int)
  /// A `\u` escape is half of a surrogate pair.
  case loneSurrogate(offset: Int)
  /// A number is too large for a Double, or written with too many characters.
  case numberOutOfRange(offset: Int)
  /// A value to be written is NaN or infinite.
  case notFinite
}

/// Why a well-formed JSON value is not what was asked for; `path` is like `config.layers[2]`.
public enum JSONFieldError: Error, Equatable, Sendable {
  /// A key that must be there is not.
  case missing(path: String)
  /// The value is of another type.
  case wrongType(path: String, expected: String, found: String)
  /// The value is of the right type and outside the allowed range.
  case outOfRange(path: String, expected: String, found: String)
  /// A key that nobody knows; `known` lists those that exist.
  case unknownKey(path: String, known: [String])
}
