/// Text as bytes that are known to be valid UTF-8.
///
/// Everything past decoding takes this type, so that nothing after it can fail on malformed bytes.
/// Equality and hashing are those of the bytes: unlike `String`, an é in one scalar and an é in two
/// are different texts.
public struct UTF8Text: Sendable, Hashable {
  /// The text, valid UTF-8.
  public let bytes: [UInt8]

  /// The text of a string, which is valid Unicode by its type.
  public init(_ string: String) {
    bytes = Array(string.utf8)
  }

  /// Takes bytes that the caller has found valid.
  init(valid bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The number of Unicode scalars. Linear in the number of bytes.
  public var characterCount: Int {
    let span = bytes.span
    var continuations = 0
    var index = 0
    while index < span.count {
      // At most 255 at a time, so that the sum fits a byte and the compiler takes many at once.
      let end = min(index + 255, span.count)
      var sum: UInt8 = 0
      while index < end {
        sum &+= UTF8Scalar.isContinuation(span[unchecked: index]) ? 1 : 0
        index += 1
      }
      continuations += Int(sum)
    }
    return span.count - continuations
  }

  /// Whether every byte is below a limit.
  func hasOnlyBytes(below limit: UInt8) -> Bool {
    let span = bytes.span
    var index = 0
    // In blocks: within one there is no branch, and the compiler takes many bytes at once.
    while index < span.count {
      let end = min(index + 4096, span.count)
      var highest: UInt8 = 0
      while index < end {
        highest = max(highest, span[unchecked: index])
        index += 1
      }
      if highest >= limit { return false }
    }
    return true
  }

  /// The values of the Unicode scalars.
  public var scalars: [UInt32] {
    let span = bytes.span
    return Array(capacity: characterCount) { scalars in
      var offset = 0
      while offset < span.count {
        scalars.append(UTF8Scalar.value(in: span, at: offset))
        offset += UTF8Scalar.length(leadByte: span[offset])
      }
    }
  }

  /// The same text as a string, scalar for scalar.
  public var string: String {
    String(decoding: bytes, as: UTF8.self)
  }

  /// The two parts around a byte offset, moved down to where a scalar starts.
  ///
  /// - Parameter byteOffset: From 0 through the number of bytes.
  public func split(atByte byteOffset: Int) -> (head: UTF8Text, tail: UTF8Text) {
    var cut = byteOffset
    while cut > 0, cut < bytes.count, UTF8Scalar.isContinuation(bytes[cut]) { cut -= 1 }
    return (UTF8Text(valid: Array(bytes[..<cut])), UTF8Text(valid: Array(bytes[cut...])))
  }
}

extension UTF8Text {
  /// Several texts, one after another.
  public init(joining texts: [UTF8Text]) {
    if texts.count == 1 {
      self = texts[0]
      return
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(texts.reduce(0) { $0 + $1.bytes.count })
    for text in texts { bytes += text.bytes }
    self.init(valid: bytes)
  }
}
