/// One unit for each Unicode scalar: the default, and the same under every version of Unicode.
public struct CodePointSegmenter: Segmenter {
  /// `codepoint`
  public static let name = "codepoint"

  /// Makes the segmenter.
  public init() {}

  /// Appends the ends of the next scalars.
  public func appendUnitEnds(
    of text: Span<UInt8>, from start: Int, to ends: inout OutputSpan<Int>
  ) {
    var end = start
    while end < text.count, !ends.isFull {
      end += UTF8Scalar.length(leadByte: text[end])
      ends.append(end)
    }
  }
}
