/// Bytes as they come to text, after a look at how they begin.
struct ByteDecoder {
  private let options: ReadingRules
  private let source: String
  /// The first bytes, until there are enough to tell the encoding.
  private var opening: [UInt8]? = []
  private var utf8 = UTF8Decoding()
  /// Nil for UTF-8.
  private var icu: ICUDecoding?
  private var byteCount = 0

  /// The encoding, once it is known.
  private(set) var encoding: String?
  /// Whether a byte-order mark was stripped.
  private(set) var hadByteOrderMark = false
  /// Wrong pieces so far that were replaced or skipped.
  private(set) var invalidCount = 0

  init(_ options: ReadingRules, source: String) {
    self.options = options
    self.source = source
  }

  /// Takes the next bytes. Throws `TextError`.
  mutating func decode(_ bytes: [UInt8], isLast: Bool, into buffer: inout DecodedBuffer) throws {
    var bytes = bytes
    if let begun = opening {
      bytes = begun + bytes
      guard isLast || bytes.count >= EncodingSign.sampleSize else {
        opening = bytes
        return
      }
      opening = nil
      bytes.removeFirst(try start(bytes.span))
    }
    var invalid = 0
    let (encoding, source, rule) = (encoding ?? EncodingSign.utf8, source, options.invalidBytes)
    func handle(_ offset: Int, _ count: Int, _ buffer: inout DecodedBuffer) throws {
      switch rule {
      case .error:
        throw TextError.invalidBytes(
          source: source, encoding: encoding, byteOffset: offset, line: buffer.lineFeedCount + 1)
      case .replace:
        buffer.append(scalar: StreamingDecoder.replacement.span, source: offset, byteCount: count)
      case .skip: break
      }
      invalid += 1
    }
    if let icu {
      try icu.decode(bytes, source: byteCount, isLast: isLast, into: &buffer, handle: handle)
    } else {
      try utf8.decode(bytes, source: byteCount, isLast: isLast, into: &buffer, handle: handle)
    }
    byteCount += bytes.count
    invalidCount += invalid
    if isLast { buffer.finish() }
  }

  /// Decides on the encoding; returns the length of the byte-order mark.
  private mutating func start(_ bytes: Span<UInt8>) throws(TextError) -> Int {
    let mark = EncodingSign.byteOrderMark(of: bytes)
    let length = mark?.length ?? 0
    let found: String
    switch options.encoding {
    case .standard:
      if mark == nil, let suspected = EncodingSign.nulPattern(of: bytes) {
        throw .otherEncoding(source: source, encoding: suspected, hasByteOrderMark: false)
      }
      found = mark?.encoding ?? EncodingSign.utf8
    case .automatic:
      found = mark?.encoding ?? EncodingSign.nulPattern(of: bytes) ?? EncodingSign.utf8
    case .named(let name):
      found = try Self.encoding(named: name, mark?.encoding, bytes, source: source)
    }
    encoding = found
    if found != EncodingSign.utf8 { icu = try ICUDecoding(named: found) }
    hadByteOrderMark = length > 0
    byteCount = length
    return length
  }

  /// The encoding that a person named, with the order of bytes that the text says.
  private static func encoding(
    named name: String, _ mark: String?, _ bytes: Span<UInt8>, source: String
  ) throws(TextError) -> String {
    let usual = try ICUDecoding(named: name).name
    // Of UTF-16 and UTF-32 without an order of bytes, the names are prefixes of those with one.
    let needsOrder = usual == "UTF-16" || usual == "UTF-32"
    if let mark {
      guard mark == usual || (needsOrder && mark.hasPrefix(usual)) else {
        throw .otherEncoding(source: source, encoding: mark, hasByteOrderMark: true)
      }
      return mark
    }
    guard needsOrder else { return usual }
    guard let order = EncodingSign.nulPattern(of: bytes), order.hasPrefix(usual) else {
      throw .unknownByteOrder(source: source, encoding: usual)
    }
    return order
  }
}
