/// One unit for each Unicode scalar: the default, and the same under every version of Unicode.
public struct CodePointSegmenter: Segmenter {
  /// `codepoint`
  public static let name = "codepoint"
  /// Scalars.
  public static let kind = UnitKind.scalar

  /// Makes the segmenter.
  public init() {}

  /// Makes the segmenter, which is the same for every locale.
  public init(locale: String) {}

  /// Gives the ends of the scalars.
  public func forEachBatch(
    of text: Span<UInt8>, _ body: (_ start: Int, _ ends: Span<Int>) -> Void
  ) {
    forEachBatch(of: text, body) { start, ends in
      var end = start
      while end < text.count, !ends.isFull {
        end += UTF8Scalar.length(leadByte: text[end])
        ends.append(end)
      }
    }
  }
}
