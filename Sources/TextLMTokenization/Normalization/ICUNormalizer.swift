import CTextLMICU

/// ICU's normalizer for one form, with its buffers: one text at a time.
struct ICUNormalizer: ~Copyable {
  private let handle: OpaquePointer?
  private let name: String

  /// The number that `CTextLMICU` has for a form; nil for none.
  static func form(_ normalizer: Normalizer) -> Int32? {
    switch normalizer {
    case .none: nil
    case .nfc: Int32(TLM_ICU_NFC)
    case .nfd: Int32(TLM_ICU_NFD)
    case .nfkc: Int32(TLM_ICU_NFKC)
    case .nfkcCasefold: Int32(TLM_ICU_NFKC_CASEFOLD)
    }
  }

  /// Opens a form; `name` is for the error.
  init(form: Int32, name: String) throws(TextError) {
    var opened: OpaquePointer?
    let status = tlm_icu_normalizer_open(form, &opened)
    self.name = name
    handle = opened
    try Self.check(status, name: name)
  }

  deinit {
    tlm_icu_normalizer_close(handle)
  }

  /// Normalizes a text that is not empty, piece by piece, noting where it changed unless `edits` is
  /// nil.
  mutating func normalize(
    _ text: UTF8Text, recording edits: inout [OffsetMap.Edit]?
  ) throws(TextError) -> UTF8Text {
    // Made at the first piece that changes: most text is normalized already.
    var normalized: [UInt8]?
    let status = text.bytes.withUnsafeBufferPointer { bytes -> Int32 in
      var offset = 0
      while let base = bytes.baseAddress, offset < bytes.count {
        let input = base + offset
        var piece = tlm_icu_piece()
        let status = tlm_icu_normalizer_next(handle, input, Int64(bytes.count - offset), &piece)
        guard status <= 0 else { return status }
        let end = offset + Int(piece.consumed)
        if normalized == nil, piece.bytes != input {
          normalized = []
          normalized?.reserveCapacity(bytes.count)
          normalized?.append(contentsOf: bytes[..<offset])
        }
        if edits != nil, piece.bytes != input {
          let status = appendSegments(of: bytes, offset..<end, to: &normalized, &edits)
          guard status <= 0 else { return status }
        } else {
          normalized?.append(
            contentsOf: UnsafeBufferPointer(start: piece.bytes, count: Int(piece.count)))
        }
        offset = end
      }
      return 0
    }
    try Self.check(status, name: name)
    return normalized.map(UTF8Text.init(valid:)) ?? text
  }

  /// Normalizes the shortest parts that can be, one by one, which shows what each becomes.
  private func appendSegments(
    of bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, to normalized: inout [UInt8]?,
    _ edits: inout [OffsetMap.Edit]?
  ) -> Int32 {
    var offset = range.lowerBound
    while let base = bytes.baseAddress, offset < range.upperBound {
      let count = tlm_icu_normalizer_segment(
        handle, base + offset, Int64(range.upperBound - offset))
      var piece = tlm_icu_piece()
      let status = tlm_icu_normalizer_next(handle, base + offset, count, &piece)
      guard status <= 0 else { return status }
      let start = normalized?.count ?? 0
      let made = UnsafeBufferPointer(start: piece.bytes, count: Int(piece.count))
      normalized?.append(contentsOf: made)
      let given = bytes[offset..<offset + Int(count)]
      if !made.elementsEqual(given, by: { Self.isAligned($0, $1) }) {
        edits?.append(
          OffsetMap.Edit(
            input: offset..<offset + Int(count), output: start..<start + made.count))
      }
      offset += Int(count)
    }
    return 0
  }

  /// Whether scalars can begin at both bytes or at neither.
  private static func isAligned(_ left: UInt8, _ right: UInt8) -> Bool {
    UTF8Scalar.isContinuation(left) == UTF8Scalar.isContinuation(right)
  }

  private static func check(_ status: Int32, name: String) throws(TextError) {
    // Below zero are ICU's warnings.
    guard status > 0 else { return }
    let text = tlm_icu_status_name(status).map { String(cString: $0) } ?? String(status)
    throw .normalizationUnavailable(normalizer: name, status: text)
  }
}
