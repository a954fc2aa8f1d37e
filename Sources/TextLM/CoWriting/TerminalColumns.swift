/// How much room characters take on a terminal.
package enum TerminalColumns {
  /// The scalars that terminals show two columns wide.
  ///
  /// Reference: Unicode Standard Annex 11, "East Asian Width"; whole blocks, in order.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
    0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
    0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x20000...0x3FFFD,
  ]

  /// The columns of a character: its first scalar's, since the others are drawn into it.
  package static func count(_ character: Character) -> Int {
    guard let first = character.unicodeScalars.first else { return 0 }
    switch first.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default:
      let isEmoji = character.unicodeScalars.contains("\u{FE0F}")
      return isEmoji || wide.contains { $0.contains(first.value) } ? 2 : 1
    }
  }

  /// The columns of a text of one line.
  package static func count(_ text: String) -> Int {
    text.reduce(0) { $0 + count($1) }
  }
}
