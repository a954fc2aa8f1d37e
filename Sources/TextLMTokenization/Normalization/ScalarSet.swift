import CTextLMICU

/// A set of Unicode scalars, described by an ICU pattern such as `[[:Latin:][:P:][:Z:]]`.
public struct ScalarSet: Sendable {
  /// The pattern as it was given.
  public let pattern: String
  /// A bit for each code point.
  private let bits: [UInt64]

  /// Reads a pattern.
  ///
  /// - Parameters:
  ///   - pattern: In the syntax of ICU's `UnicodeSet`.
  ///   - option: What asked for it, for the error.
  /// - Throws: `TextError.scalarSet` with the place that cannot be read, `TextError.scalarSetStrings`
  ///   for a pattern with sequences in it.
  public init(_ pattern: String, option: String) throws(TextError) {
    let bytes = Array(pattern.utf8)
    var handle: OpaquePointer?
    var badOffset: Int64 = 0
    let status = tlm_icu_set_open(bytes, Int64(bytes.count), &badOffset, &handle)
    defer { tlm_icu_set_close(handle) }
    guard status <= 0 else {
      throw .scalarSet(
        option: option, pattern: pattern, offset: Self.start(pattern) ?? Int(badOffset),
        status: TextError.statusName(status))
    }
    guard !tlm_icu_set_has_strings(handle) else {
      throw .scalarSetStrings(option: option, pattern: pattern)
    }
    var bits = [UInt64](repeating: 0, count: 0x110000 / 64)
    var (index, first, last) = (Int32(0), UInt32(0), UInt32(0))
    while tlm_icu_set_range(handle, index, &first, &last) {
      for scalar in first...last { bits[Int(scalar >> 6)] |= 1 << (scalar & 63) }
      index += 1
    }
    self.pattern = pattern
    self.bits = bits
  }

  /// Where a pattern begins with what no set begins with; nil where it does not. ICU names the place
  /// behind that.
  private static func start(_ pattern: String) -> Int? {
    let scalars = Array(pattern.unicodeScalars)
    guard let start = scalars.firstIndex(where: { !$0.properties.isPatternWhitespace }),
      scalars[start] != "[", scalars[start] != "\\"
    else { return nil }
    return start
  }

  /// Whether a scalar belongs to the set.
  @inline(__always)
  package func contains(_ scalar: UInt32) -> Bool {
    bits[Int(scalar >> 6)] & 1 << (scalar & 63) != 0
  }

  /// The scalars of a text that are in `kept`, where that is not nil, and not in `dropped`.
  static func filter(
    _ text: UTF8Text, kept: ScalarSet?, dropped: ScalarSet?,
    recording edits: inout [OffsetMap.Edit]?
  ) -> UTF8Text {
    let bytes = text.bytes.span
    var filtered: [UInt8] = []
    filtered.reserveCapacity(bytes.count)
    var offset = 0
    while offset < bytes.count {
      // Runs of what stays and of what goes: one copy or one edit each.
      let start = offset
      let stays = Self.stays(in: bytes, at: offset, kept, dropped)
      repeat {
        offset += UTF8Scalar.length(leadByte: bytes[offset])
      } while offset < bytes.count && Self.stays(in: bytes, at: offset, kept, dropped) == stays
      if stays {
        if offset - start == bytes.count { return text }
        filtered += text.bytes[start..<offset]
      } else {
        edits?.append(
          OffsetMap.Edit(input: start..<offset, output: filtered.count..<filtered.count))
      }
    }
    return UTF8Text(valid: filtered)
  }

  @inline(__always)
  private static func stays(
    in bytes: Span<UInt8>, at offset: Int, _ kept: ScalarSet?, _ dropped: ScalarSet?
  ) -> Bool {
    let scalar = UTF8Scalar.value(in: bytes, at: offset)
    return kept?.contains(scalar) != false && dropped?.contains(scalar) != true
  }
}
