/// A line of a text, or a part of one that is too long to be held.
public struct LinePiece: Sendable, Equatable {
  /// The line's number, from 1.
  public let number: Int
  /// Its bytes as they came, with the line feed.
  public let bytes: [UInt8]
  /// Whether the line begins here.
  public let beginsLine: Bool
  /// Whether the line ends here: with a line feed, or with the text.
  public let endsLine: Bool

  /// The bytes as text, with U+FFFD for each longest piece that is no UTF-8.
  public var text: UTF8Text { UTF8Text(String(decoding: bytes, as: UTF8.self)) }
}
