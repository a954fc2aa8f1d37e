import CTextLMICU

/// What ICU knows about one Unicode scalar.
public struct CharacterInfo: Sendable {
  /// What a scalar is for.
  public enum Kind: String, Sendable {
    /// A letter, a mark, a digit, a space and the like.
    case ordinary
    /// A control character, such as a line feed.
    case control
    /// A character that programs agree on among themselves.
    case privateUse = "private use"
    /// No character, as far as ICU's version of Unicode goes.
    case unassigned
  }

  /// The scalar.
  public let scalar: Unicode.Scalar

  /// Asks about a scalar.
  public init(_ scalar: Unicode.Scalar) {
    self.scalar = scalar
  }

  /// Its number, such as `U+00E9`.
  public var codePoint: String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
  }

  /// Its name, such as `LATIN SMALL LETTER E WITH ACUTE`; for a character without, what it is in
  /// angle brackets: `<control-000A>`.
  public var name: String {
    var name = [CChar](repeating: 0, count: 256)
    guard tlm_icu_character_name(scalar.value, &name, Int32(name.count)) <= 0 else {
      return "<\(codePoint)>"
    }
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// The name of its script, such as `Latin`; `Common` for what many scripts use.
  public var script: String {
    tlm_icu_script_name(scalar.value).map { String(cString: $0) } ?? "Unknown"
  }

  /// What it is for.
  public var kind: Kind {
    switch Int(tlm_icu_character_kind(scalar.value)) {
    case Int(TLM_ICU_CONTROL): .control
    case Int(TLM_ICU_PRIVATE_USE): .privateUse
    case Int(TLM_ICU_UNASSIGNED): .unassigned
    default: .ordinary
    }
  }

  /// Whether it changes the direction of text.
  public var isBidiControl: Bool {
    tlm_icu_is_bidi_control(scalar.value)
  }
}

extension UTF8Text {
  /// The scripts of its characters, each once, in order; those that many scripts use only where
  /// there is no other.
  public var scripts: [String] {
    var names: [String] = []
    for value in scalars {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let name = CharacterInfo(scalar).script
      if !names.contains(where: { $0.utf8.elementsEqual(name.utf8) }) { names.append(name) }
    }
    let own = names.filter { $0 != "Common" && $0 != "Inherited" }
    return own.isEmpty ? Array(names.prefix(1)) : own
  }
}
