/// A text and what was found in front of it.
public struct DecodedText: Sendable, Equatable {
  /// The text, without the byte-order mark.
  public let text: UTF8Text
  /// Whether a byte-order mark was stripped. One at most is; a second U+FEFF belongs to the text.
  public let hadByteOrderMark: Bool
}

/// Bytes of a file to text: one leading byte-order mark is stripped, the rest must be UTF-8.
///
/// Nothing is replaced, dropped or guessed. NUL and other control characters are characters like
/// any other. Text in UTF-16 or UTF-32 is recognised only to say so.
public struct TextDecoder: Sendable {
  /// Makes a decoder of strict UTF-8.
  public init() {}

  /// Decodes the whole of a text.
  ///
  /// - Parameters:
  ///   - bytes: The text; without a byte-order mark they are taken over without a copy.
  ///   - source: What to call it in an error: the name of the file, as a rule.
  /// - Throws: `TextError.invalidBytes` or `TextError.otherEncoding`.
  /// - Complexity: Linear; an ASCII text passes at the speed of memory.
  public func decode(_ bytes: [UInt8], source: String) throws(TextError) -> DecodedText {
    let start = try checkedStart(of: bytes.span, source: source)
    let text = UTF8Text(valid: start == 0 ? bytes : Array(bytes[start...]))
    return DecodedText(text: text, hadByteOrderMark: start > 0)
  }

  /// Decodes the whole of a text in memory that is not an array, such as a mapped file; the bytes
  /// are copied.
  public func decode(
    _ bytes: UnsafeRawBufferPointer, source: String
  ) throws(TextError) -> DecodedText {
    // Copied before it is looked at: a mapped file may change between a check and a copy.
    try decode(Array(bytes), source: source)
  }

  /// Where the text starts, after everything has been found valid.
  private func checkedStart(of bytes: Span<UInt8>, source: String) throws(TextError) -> Int {
    var start = 0
    if let (encoding, length) = EncodingSign.byteOrderMark(of: bytes) {
      guard encoding == EncodingSign.utf8 else {
        throw .otherEncoding(source: source, encoding: encoding, hasByteOrderMark: true)
      }
      start = length
    }
    // Before validity, because UTF-16 in Latin letters *is* valid UTF-8, full of NULs.
    if let encoding = EncodingSign.nulPattern(of: bytes) {
      throw .otherEncoding(source: source, encoding: encoding, hasByteOrderMark: false)
    }
    do {
      _ = try UTF8Span(validating: bytes.extracting(start...))
    } catch {
      let offset = start + error.byteOffsets.lowerBound
      throw .invalidBytes(
        source: source, encoding: EncodingSign.utf8, byteOffset: offset,
        line: bytes.extracting(..<offset).count(of: UInt8(ascii: "\n")) + 1)
    }
    return start
  }
}
