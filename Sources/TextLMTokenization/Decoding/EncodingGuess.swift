import CTextLMICU

/// What encoding a text that is not UTF-8 may be in, by ICU's detector.
public struct EncodingGuess: Sendable, Equatable {
  /// The name of the encoding.
  public let encoding: String
  /// How sure the guess is, from 0 to 100.
  public let confidence: Int

  /// Bytes of a sample that are worth taking.
  public static let sampleSize = 64 << 10
  /// Weaker guesses are none.
  public static let confidenceFloor = 50
  /// The detector looks at so many bytes at a time.
  private static let windowSize = 8 << 10

  /// Guesses from samples of a text: of its start, its middle and its end, and of the surroundings
  /// of its first byte that is not UTF-8.
  ///
  /// Latin-1 is taken for Windows-1252, which has all of its letters and those that people who say
  /// Latin-1 mean besides.
  ///
  /// - Throws: `TextError.undecidedEncoding` with the candidates when none is likely enough.
  public init(samples: [[UInt8]], source: String) throws(TextError) {
    var sums: [(encoding: String, sum: Int)] = []
    var windowCount = 0
    for sample in samples {
      for start in stride(from: 0, to: min(sample.count, Self.sampleSize), by: Self.windowSize) {
        let window = sample[start..<min(start + Self.windowSize, sample.count)]
        // ASCII is the same in nearly all encodings.
        guard window.contains(where: { $0 >= 0x80 || $0 == 0 || $0 == 0x1B }) else { continue }
        windowCount += 1
        for match in Self.matches(Array(window)) {
          if let index = sums.firstIndex(where: { $0.encoding == match.encoding }) {
            sums[index].sum += match.confidence
          } else {
            sums.append((match.encoding, match.confidence))
          }
        }
      }
    }
    let ranked = sums.sorted { $0.sum > $1.sum }
    guard let best = ranked.first, best.sum >= Self.confidenceFloor * windowCount else {
      throw .undecidedEncoding(
        source: source,
        candidates: ranked.prefix(4).map { "\($0.encoding) (\($0.sum / windowCount) of 100)" })
    }
    encoding = best.encoding
    confidence = best.sum / windowCount
  }

  private static func matches(_ bytes: [UInt8]) -> [(encoding: String, confidence: Int)] {
    var matches = [tlm_icu_encoding_match](repeating: tlm_icu_encoding_match(), count: 32)
    var count: Int32 = 0
    let status = tlm_icu_detect(
      bytes, Int32(bytes.count), &matches, Int32(matches.count), &count)
    guard status <= 0 else { return [] }
    var found: [(encoding: String, confidence: Int)] = []
    for match in matches.prefix(Int(count)) {
      let name = withUnsafeBytes(of: match.name) { raw in
        String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
      }
      let encoding = name == "ISO-8859-1" ? "windows-1252" : name
      if !found.contains(where: { $0.encoding == encoding }) {
        found.append((encoding, Int(match.confidence)))
      }
    }
    return found
  }
}
