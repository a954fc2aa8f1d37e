import CTextLMICU

/// The order in which a dictionary of a language has its entries, by ICU.
public struct Collation: ~Copyable {
  private let handle: UnsafeMutableRawPointer?

  /// The order of a locale, a BCP 47 tag such as `sv`.
  ///
  /// - Throws: `TextError.unknownLocale`, `TextError.segmentationUnavailable` when ICU has no data.
  public init(locale: String) throws(TextError) {
    var opened: UnsafeMutableRawPointer?
    let status = tlm_icu_collator_open(locale, &opened)
    handle = opened
    try ICUCaseMapper.check(locale: locale)
    try ICUBreaker.check(status, unit: "collation")
  }

  deinit {
    tlm_icu_collator_close(handle)
  }

  /// Whether one text comes before another; what is alike to the language is in the order of code
  /// points.
  public func precedes(_ left: UTF8Text, _ right: UTF8Text) -> Bool {
    let order = left.bytes.withUnsafeBufferPointer { leftBytes in
      right.bytes.withUnsafeBufferPointer { rightBytes in
        var order: Int32 = 0
        let status = tlm_icu_collator_compare(
          handle, leftBytes.baseAddress, Int64(leftBytes.count), rightBytes.baseAddress,
          Int64(rightBytes.count), &order)
        return status > 0 ? 0 : order
      }
    }
    return order != 0 ? order < 0 : left.bytes.lexicographicallyPrecedes(right.bytes)
  }
}
