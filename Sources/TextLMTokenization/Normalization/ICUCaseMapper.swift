import CTextLMICU

/// ICU's mapping of case in a locale, with its buffers: one text at a time.
struct ICUCaseMapper: ~Copyable {
  private let handle: OpaquePointer?

  /// The number that `CTextLMICU` has for a mapping; nil for none.
  static func number(_ mapping: CaseMapping) -> Int32? {
    switch mapping {
    case .keep: nil
    case .fold: Int32(TLM_ICU_CASE_FOLD)
    case .lower: Int32(TLM_ICU_CASE_LOWER)
    }
  }

  /// Opens a mapping.
  ///
  /// - Throws: `TextError.unknownLocale` and `TextError.unicodeFailure`.
  init(number: Int32, locale: String) throws(TextError) {
    var opened: OpaquePointer?
    let status = tlm_icu_casemap_open(number, locale, &opened)
    handle = opened
    try Self.check(locale: locale)
    try TextError.check(status, operation: "case mapping")
  }

  deinit {
    tlm_icu_casemap_close(handle)
  }

  /// Refuses what is no BCP 47 tag of a language that ICU knows.
  static func check(locale: String) throws(TextError) {
    guard !locale.utf8.contains(0), tlm_icu_locale_check(locale) <= 0 else {
      throw .unknownLocale(locale)
    }
  }

  /// Maps a text that is not empty.
  mutating func apply(
    to text: UTF8Text, recording edits: inout [OffsetMap.Edit]?
  ) throws(TextError) -> UTF8Text {
    var result = tlm_icu_result()
    let isRecording = edits != nil
    let status = text.bytes.withUnsafeBufferPointer { bytes in
      isRecording
        ? tlm_icu_casemap_apply_with_edits(handle, bytes.baseAddress, Int64(bytes.count), &result)
        : tlm_icu_casemap_apply(handle, bytes.baseAddress, Int64(bytes.count), &result)
    }
    try TextError.check(status, operation: "case mapping")
    edits?.append(contentsOf: result.edits(inputOffset: 0, outputOffset: 0))
    return UTF8Text(valid: Array(result.text))
  }
}
