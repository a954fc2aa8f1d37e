import TextLMTensors
import TextLMTokenization

/// A short name of a text that is the same for texts which a person would call the same.
///
/// White space at both ends is left away, a run of it elsewhere is one space, and what is left is
/// compared in NFKC with case folded, so that capitals, ligatures and the widths of letters make no
/// difference. The name is the first half of that text's SHA-256: two of a billion different texts
/// share one with a probability below 10⁻²⁰.
struct TextFingerprint: Hashable, Comparable {
  private let high, low: UInt64

  init(_ text: String) {
    var hash = SHA256()
    hash.update(Self.normalized(text))
    let digits = hash.hexDigest.utf8
    func number(_ digits: some Collection<UInt8>) -> UInt64 {
      digits.reduce(0) { sum, digit in
        sum << 4 | UInt64(digit <= UInt8(ascii: "9") ? digit & 0xF : digit - UInt8(ascii: "a") + 10)
      }
    }
    high = number(digits.prefix(16))
    low = number(digits.dropFirst(16).prefix(16))
  }

  static func < (left: TextFingerprint, right: TextFingerprint) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }

  private static func normalized(_ text: String) -> [UInt8] {
    let space = UInt8(ascii: " ")
    let bytes = Array(text.utf8)
    guard bytes.allSatisfy({ $0 < 0x80 }) else {
      let words = text.unicodeScalars.split { $0.properties.isWhitespace }
      let joined = words.map { String($0) }.joined(separator: " ")
      return Normalizer.nfkcCasefold.normalize(UTF8Text(joined)).bytes
    }
    // The same for ASCII, which most texts are.
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    for word in bytes.split(whereSeparator: { $0 == space || (0x09...0x0D).contains($0) }) {
      if !result.isEmpty { result.append(space) }
      result += word.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    }
    return result
  }
}
