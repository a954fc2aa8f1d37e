import TextLMTensors
import TextLMTokenization

/// A short name of a text that is the same for texts which a person would call the same.
///
/// White space at both ends is left away, a run of it elsewhere is one space, and what is left is
/// compared in NFKC with case folded, so that capitals, ligatures and the widths of letters make no
/// difference. The name is 128 bits of mixed bytes: two of a billion different texts share one with
/// a probability of about 10⁻²¹.
struct TextFingerprint: Hashable, Comparable {
  private let high, low: UInt64

  init(_ text: String) {
    let name = Self.normalized(text)
    high = RandomSource(seed: 0).stream(name).seed
    low = RandomSource(seed: 1).stream(name).seed
  }

  static func < (left: TextFingerprint, right: TextFingerprint) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }

  private static func normalized(_ text: String) -> String {
    let space = UInt8(ascii: " ")
    let bytes = Array(text.utf8)
    guard bytes.allSatisfy({ $0 < 0x80 }) else {
      let words = text.unicodeScalars.split { $0.properties.isWhitespace }
      let joined = words.map { String($0) }.joined(separator: " ")
      return Normalizer.nfkcCasefold.normalize(UTF8Text(joined)).string
    }
    // The same for ASCII, which most texts are.
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var isBehindSpace = false
    for byte in bytes {
      if byte == space || (0x09...0x0D).contains(byte) {
        isBehindSpace = !result.isEmpty
        continue
      }
      if isBehindSpace { result.append(space) }
      isBehindSpace = false
      result.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
    }
    return String(decoding: result, as: UTF8.self)
  }
}

extension TextFingerprint {
  /// Numbers of texts, those that are the same in one group, in ascending order. The order of the
  /// groups depends on the texts alone, and not on where they are.
  static func groups(of texts: [LabelledText]) -> [[Int]] {
    let prints = texts.map { TextFingerprint($0.text) }
    let ordered = prints.indices.sorted {
      prints[$0] == prints[$1] ? $0 < $1 : prints[$0] < prints[$1]
    }
    var groups: [[Int]] = []
    var start = 0
    for end in 1...max(1, ordered.count) where start < ordered.count {
      if end < ordered.count, prints[ordered[end]] == prints[ordered[start]] { continue }
      groups.append(Array(ordered[start..<end]))
      start = end
    }
    return groups
  }
}
