/// Takes apart what a `ByteWriter` has put together; nil where that is not what is there.
struct ByteReader {
  private let content: [UInt8]
  private var next: Int
  private let end: Int

  /// Reads from a part of the bytes.
  init(_ content: [UInt8], in range: Range<Int>) {
    self.content = content
    next = range.lowerBound
    end = range.upperBound
  }

  /// What was not read.
  var rest: [UInt8] { Array(content[next..<end]) }

  /// The next bytes.
  mutating func bytes(_ count: Int) -> [UInt8]? {
    guard count <= end - next else { return nil }
    defer { next += count }
    return Array(content[next..<next + count])
  }

  /// The next number, below 2⁵⁶.
  mutating func number() -> Int? {
    var value = 0
    for shift in stride(from: 0, to: 56, by: 7) {
      guard let byte = bytes(1)?.first else { return nil }
      value |= Int(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    return nil
  }
}
