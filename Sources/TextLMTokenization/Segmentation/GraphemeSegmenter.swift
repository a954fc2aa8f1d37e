import CTextLMICU

/// One unit for each extended grapheme cluster: what a reader takes for one character, such as e
/// with its accents, a syllable of jamo, a family of emoji, or CR LF.
///
/// A cluster of more than 64 scalars is cut behind every 64: text could have marks without end on
/// one letter, and no unit may be that long.
///
/// Reference: Unicode Standard Annex #29, by ICU's tables.
public struct GraphemeSegmenter: Segmenter {
  /// `grapheme`
  public static let name = "grapheme"
  /// Sequences of scalars.
  public static let kind = UnitKind.sequence
  /// The most scalars of a unit.
  public static let longestUnit = 64

  /// Makes the segmenter, which is the same for every locale.
  ///
  /// - Throws: `TextError.segmentationUnavailable`.
  public init(locale: String = "") throws(TextError) {
    try ICUBreaker.check(tlm_icu_graphemes_prepare(), unit: Self.name)
  }

  /// Gives the ends of the clusters.
  public func forEachBatch(
    of text: Span<UInt8>, _ body: (_ start: Int, _ ends: Span<Int>) -> Void
  ) {
    text.withUnsafeBufferPointer { bytes in
      forEachBatch(of: text, body) { start, ends in
        ends.withUnsafeMutableBufferPointer { buffer, count in
          var made: Int64 = 0
          let status = tlm_icu_grapheme_ends(
            bytes.baseAddress, Int64(bytes.count), Int64(start), Int32(Self.longestUnit),
            buffer.baseAddress, Int64(buffer.count), &made)
          count = Int(made)
          // Memory, as everything else was tried when the segmenter was made.
          precondition(status <= 0, "graphemes: \(ICUBreaker.name(ofStatus: status))")
        }
      }
    }
  }
}
