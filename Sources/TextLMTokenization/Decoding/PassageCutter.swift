import CTextLMICU

/// Cuts a document into passages, the portions in which a long text is worked on.
///
/// A passage ends with the first line that ends 256 KiB behind its start or later. A line is cut at
/// the first place after each MiB from its start where a grapheme cluster begins and every
/// normalization starts anew; without such a place, where the passage has 16 MiB. Where a text is
/// cut depends on the text alone and not on how it was read.
struct PassageCutter {
  static let shortest = 256 << 10
  static let longestLine = 1 << 20
  static let longest = 16 << 20

  /// Where the present line began; below 0 in an earlier passage.
  private var lineStart = 0
  /// How far line ends were looked for.
  private var scanned = 0

  /// The end of the passage at the start of `text`; nil when more of the document is needed to
  /// tell.
  ///
  /// - Parameter isWhole: Whether the document ends with `text`.
  mutating func end(of text: Span<UInt8>, isWhole: Bool) -> Int? {
    if isWhole, lineStart == 0, !text.isEmpty, text.count < Self.shortest {
      return finish(at: text.count)
    }
    if lineStart == 0, scanned == 0, text.count >= Self.shortest {
      // No line of this length is cut, and of the line ends that come too early only the last one
      // matters.
      scanned = Self.shortest - 1
      lineStart = scanned
      while lineStart > 0, text[lineStart - 1] != UInt8(ascii: "\n") { lineStart -= 1 }
    }
    while true {
      var limit = lineStart + Self.longestLine
      while limit <= 0 { limit += Self.longestLine }
      let window = text.extracting(0..<min(text.count, limit))
      if let found = window.firstIndex(of: UInt8(ascii: "\n"), from: min(scanned, window.count)) {
        scanned = found + 1
        lineStart = found + 1
        if scanned >= Self.shortest { return finish(at: scanned) }
        continue
      }
      scanned = window.count
      if text.count > limit {
        let bounded = text.extracting(0..<min(text.count, Self.longest))
        if let place = Self.place(in: bounded, from: limit) { return finish(at: place) }
        if text.count > Self.longest {
          var place = Self.longest
          while UTF8Scalar.isContinuation(text[place]) { place -= 1 }
          return finish(at: place)
        }
      }
      return isWhole && !text.isEmpty ? finish(at: text.count) : nil
    }
  }

  private mutating func finish(at end: Int) -> Int {
    lineStart -= end
    scanned = 0
    return end
  }

  /// The first place from `start` on where text can be cut.
  private static func place(in text: Span<UInt8>, from start: Int) -> Int? {
    text.withUnsafeBufferPointer { bytes in
      var place: Int64 = -1
      let status = tlm_icu_passage_cut(
        bytes.baseAddress, Int64(bytes.count), Int64(start), &place)
      precondition(status <= 0, "passages: ICU cannot find grapheme clusters (\(status))")
      return place < 0 ? nil : Int(place)
    }
  }
}

extension UTF8Text {
  /// The passages of a text that is one document, as ranges of its bytes: see `TextReader`.
  public var passageRanges: [Range<Int>] {
    var cutter = PassageCutter()
    var ranges: [Range<Int>] = []
    var start = 0
    let span = bytes.span
    while let count = cutter.end(of: span.extracting(start..<span.count), isWhole: true) {
      ranges.append(start..<start + count)
      start += count
    }
    return ranges
  }
}
