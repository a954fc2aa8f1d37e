/// A string compared, ordered and hashed by its UTF-8 bytes.
///
/// `String` equality is canonical equivalence: "é" as one scalar and "é" as two are one dictionary
/// key, and one of two tensors, vocabulary entries or JSON members would silently disappear.
public struct UTF8Key: Hashable, Comparable, Sendable {
  /// The string itself.
  public let text: String

  /// Wraps a string.
  public init(_ text: String) {
    self.text = text
  }

  /// True when both strings have the same UTF-8 bytes.
  public static func == (left: UTF8Key, right: UTF8Key) -> Bool {
    left.text.utf8.elementsEqual(right.text.utf8)
  }

  /// Bytewise lexicographic order, which for UTF-8 is the order of code points.
  public static func < (left: UTF8Key, right: UTF8Key) -> Bool {
    left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }

  /// Hashes the bytes and their count.
  public func hash(into hasher: inout Hasher) {
    var text = self.text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    hasher.combine(text.utf8.count)
  }
}
