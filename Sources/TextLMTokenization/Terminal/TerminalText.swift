import CTextLMICU

/// Text made harmless for a terminal.
public enum TerminalText {
  /// The text with every control character but newline and tab as a picture, and every direction
  /// control by name.
  ///
  /// Corpora, models, file names and what a model writes are not trusted: an escape character in
  /// them could move the cursor, rewrite the screen or type commands, and a direction override
  /// could show a line other than it is. ESC becomes ␛, DEL ␡, a C1 control ⟨U+009B⟩, an override
  /// ⟨RLO⟩.
  public static func neutralized(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isActive) else { return text }
    var harmless = ""
    for scalar in text.unicodeScalars {
      if isActive(scalar) {
        harmless += picture(of: scalar)
      } else {
        harmless.unicodeScalars.append(scalar)
      }
    }
    return harmless
  }

  private static func isActive(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "\n", "\t", " "..."~": false
    default: tlm_icu_is_control(scalar.value) || tlm_icu_is_bidi_control(scalar.value)
    }
  }

  private static func picture(of scalar: Unicode.Scalar) -> String {
    switch scalar.value {
    // The control pictures, from U+2400, are in the order of the controls.
    case 0...0x1F: String(decoding: [0x2400 + UInt16(scalar.value)], as: UTF16.self)
    case 0x7F: "\u{2421}"
    default: "⟨\(bidiNames[scalar.value] ?? codePoint(scalar))⟩"
    }
  }

  private static func codePoint(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  /// Unicode's abbreviations of the direction controls.
  private static let bidiNames: [UInt32: String] = [
    0x061C: "ALM", 0x200E: "LRM", 0x200F: "RLM", 0x202A: "LRE", 0x202B: "RLE", 0x202C: "PDF",
    0x202D: "LRO", 0x202E: "RLO", 0x2066: "LRI", 0x2067: "RLI", 0x2068: "FSI", 0x2069: "PDI",
  ]
}
