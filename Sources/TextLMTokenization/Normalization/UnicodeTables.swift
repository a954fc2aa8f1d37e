import CTextLMICU

/// The Unicode tables in use: ICU's, for everything that this module decides.
///
/// The Swift standard library carries tables of another version; they are not asked.
public enum UnicodeTables {
  /// The version of the ICU library, such as `72.1`.
  public static let icuVersion = version(tlm_icu_version)

  /// The version of Unicode in the ICU library, such as `15.0`.
  public static let unicodeVersion = version(tlm_icu_unicode_version)

  /// Whether a scalar is white space (the property White_Space): ICU's answers, asked once for
  /// every scalar, because counting words needs them for each character of a corpus.
  static let whiteSpace: ScalarMap<Bool> = {
    var map = ScalarMap(repeating: false)
    for scalar in UInt32(0)...0x10FFFF where tlm_icu_is_white_space(scalar) { map[scalar] = true }
    return map
  }()

  private static func version(_ write: (UnsafeMutablePointer<CChar>?) -> Void) -> String {
    var text = [CChar](repeating: 0, count: Int(TLM_ICU_VERSION_CAPACITY))
    write(&text)
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
