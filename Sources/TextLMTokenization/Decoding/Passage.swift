/// A portion of a document, as `TextReader` gives it.
public struct Passage: Sendable, Equatable {
  /// The text.
  public let text: UTF8Text
  /// Whether it is the first of its document.
  public let startsDocument: Bool
  /// Where its bytes come from; nil unless the reader was asked to keep it.
  public let sourceMap: SourceMap?
}
