/// Bytes that should be UTF-8, as they come.
struct UTF8Decoding {
  /// The beginning of a scalar at the end of what came so far.
  private var held: [UInt8] = []

  /// Takes the next bytes, which begin at `source`. `handle` is told of each longest wrong piece.
  mutating func decode(
    _ bytes: [UInt8], source: Int, isLast: Bool, into buffer: inout DecodedBuffer,
    handle: (_ source: Int, _ byteCount: Int, inout DecodedBuffer) throws -> Void
  ) throws {
    let source = source - held.count
    let bytes = held.isEmpty ? bytes : held + bytes
    held = []
    let span = bytes.span
    var start = 0
    while start < span.count {
      do throws(UTF8.ValidationError) {
        _ = try UTF8Span(validating: span.extracting(start..<span.count))
        buffer.append(span.extracting(start..<span.count), source: source + start)
        return
      } catch {
        let wrong = start + error.byteOffsets.lowerBound
        if wrong > start {
          buffer.append(span.extracting(start..<wrong), source: source + start)
        }
        let (length, isCut) = UTF8Scalar.beginning(in: span, at: wrong)
        if isCut, !isLast {
          held = Array(bytes[wrong...])
          return
        }
        try handle(source + wrong, length, &buffer)
        start = wrong + length
      }
    }
  }
}

extension UTF8Scalar {
  /// The length of the longest beginning of a scalar at an offset where no whole one is, at least
  /// 1: what one U+FFFD stands for (Unicode Standard, table 3-7 and section 3.9). `isCut` when the
  /// bytes end where the scalar could go on.
  static func beginning(in bytes: Span<UInt8>, at offset: Int) -> (length: Int, isCut: Bool) {
    let needed: Int
    var allowed: ClosedRange<UInt8> = 0x80...0xBF
    switch bytes[offset] {
    case 0xC2...0xDF: needed = 1
    case 0xE0: (needed, allowed) = (2, 0xA0...0xBF)
    case 0xED: (needed, allowed) = (2, 0x80...0x9F)
    case 0xE1...0xEF: needed = 2
    case 0xF0: (needed, allowed) = (3, 0x90...0xBF)
    case 0xF1...0xF3: needed = 3
    case 0xF4: (needed, allowed) = (3, 0x80...0x8F)
    default: return (1, false)
    }
    for length in 1...needed {
      guard offset + length < bytes.count else { return (length, true) }
      guard allowed.contains(bytes[offset + length]) else { return (length, false) }
      allowed = 0x80...0xBF
    }
    return (needed + 1, false)
  }
}
