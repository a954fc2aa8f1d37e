/// Signs in the bytes of a text that tell its encoding.
enum EncodingSign {
  static let utf8 = "UTF-8"
  /// Bytes at the start of a text that are looked at.
  static let sampleSize = 64 << 10

  /// The encoding that a byte-order mark names, and the length of the mark in bytes.
  static func byteOrderMark(of bytes: Span<UInt8>) -> (encoding: String, length: Int)? {
    // UTF-32LE comes before UTF-16LE, whose mark is a prefix of its mark.
    let marks: [(String, [UInt8])] = [
      (utf8, [0xEF, 0xBB, 0xBF]),
      ("UTF-32LE", [0xFF, 0xFE, 0, 0]),
      ("UTF-32BE", [0, 0, 0xFE, 0xFF]),
      ("UTF-16LE", [0xFF, 0xFE]),
      ("UTF-16BE", [0xFE, 0xFF]),
    ]
    for (encoding, mark) in marks where bytes.count >= mark.count {
      if mark.indices.allSatisfy({ bytes[$0] == mark[$0] }) { return (encoding, mark.count) }
    }
    return nil
  }

  /// UTF-16 or UTF-32 without a mark, when NUL bytes lie as they do in mostly Latin text of these
  /// encodings.
  ///
  /// The places modulo 4 that are nearly always NUL must be exactly those of one encoding, and the
  /// other places hardly ever: NUL is a character, and text that has many of them in any other
  /// order is left alone.
  static func nulPattern(of bytes: Span<UInt8>) -> String? {
    let sampleSize = min(bytes.count & ~3, Self.sampleSize)
    guard sampleSize >= 8 else { return nil }
    var nulCounts = [0, 0, 0, 0]
    for index in 0..<sampleSize where bytes[index] == 0 { nulCounts[index & 3] += 1 }
    let rows = sampleSize / 4
    var pattern = ""
    for count in nulCounts {
      if count * 10 >= rows * 9 {
        pattern += "0"
      } else if count * 100 <= rows {
        pattern += "x"
      } else {
        return nil
      }
    }
    switch pattern {
    case "x0x0": return "UTF-16LE"
    case "0x0x": return "UTF-16BE"
    case "x000": return "UTF-32LE"
    case "000x": return "UTF-32BE"
    default: return nil
    }
  }
}
