/// One unit for each byte of UTF-8: a vocabulary of 256 for any text, and long spellings of most
/// scripts.
public struct ByteSegmenter: Segmenter {
  /// `byte`
  public static let name = "byte"
  /// Bytes.
  public static let kind = UnitKind.byte

  /// Makes the segmenter.
  public init() {}

  /// Makes the segmenter, which is the same for every locale.
  public init(locale: String) {}

  /// Gives every offset behind a byte.
  public func forEachBatch(
    of text: Span<UInt8>, _ body: (_ start: Int, _ ends: Span<Int>) -> Void
  ) {
    forEachBatch(of: text, body) { start, ends in
      var end = start
      while end < text.count, !ends.isFull {
        end += 1
        ends.append(end)
      }
    }
  }
}
