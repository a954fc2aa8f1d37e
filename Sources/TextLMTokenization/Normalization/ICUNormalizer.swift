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

  /// Normalizes a text that is not empty, piece by piece.
  mutating func normalize(_ text: UTF8Text) throws(TextError) -> UTF8Text {
    // Made at the first piece that changes: most text is normalized already.
    var normalized: [UInt8]?
    let status = text.bytes.withUnsafeBufferPointer { bytes -> Int32 in
      var offset = 0
      while let base = bytes.baseAddress, offset < bytes.count {
        let input = base + offset
        var piece = tlm_icu_piece()
        let status = tlm_icu_normalizer_next(handle, input, Int64(bytes.count - offset), &piece)
        guard status <= 0 else { return status }
        if normalized == nil, piece.bytes != input {
          normalized = []
          normalized?.reserveCapacity(bytes.count)
          normalized?.append(contentsOf: bytes[..<offset])
        }
        normalized?.append(
          contentsOf: UnsafeBufferPointer(start: piece.bytes, count: Int(piece.count)))
        offset += Int(piece.consumed)
      }
      return 0
    }
    try Self.check(status, name: name)
    return normalized.map(UTF8Text.init(valid:)) ?? text
  }

  private static func check(_ status: Int32, name: String) throws(TextError) {
    // Below zero are ICU's warnings.
    guard status > 0 else { return }
    let text = tlm_icu_status_name(status).map { String(cString: $0) } ?? String(status)
    throw .normalizationUnavailable(normalizer: name, status: text)
  }
}
