/// The file `tokens.bin` of a run: the token ids of a corpus too large for memory.
///
/// In little-endian order: `textlm-tokens 1` and a line feed; the key, 64 hexadecimal digits, and a
/// line feed; the number of bytes of a token, 2 or 4, and a line feed; padding up to 128 bytes; the
/// tokens; a JSON object, `TokenFile.Content`; the number of its bytes in 8 bytes. The key is the
/// digest of everything that decides the tokens: files, rules, splits and vocabulary.
enum TokenFile {
  /// The name of the file in a run's folder.
  static let name = "tokens.bin"
  static let headerSize = 128
  private static let magic = "textlm-tokens 1\n"
  private static let largestContent = 1 << 26

  /// The bytes of a token.
  enum Width: Int {
    case two = 2
    case four = 4

    /// The smallest for a vocabulary.
    init(vocabularySize: Int) {
      self = vocabularySize <= 1 << 16 ? .two : .four
    }
  }

  /// What is to be known about the tokens.
  struct Content: Equatable {
    /// Where each segment of the corpus ends among the tokens.
    var segmentEnds: [Int]
    /// The size of the validation text.
    var validationCounts: TextCounts

    /// The numbers, in order.
    var numbers: [Int] {
      let counts = validationCounts
      return segmentEnds + [counts.characters, counts.bytes, counts.words, counts.unknown]
    }
  }

  /// The bytes in front of the tokens.
  static func header(key: String, width: Width) -> [UInt8] {
    var header = Array("\(magic)\(key)\n\(width.rawValue)\n".utf8)
    header += repeatElement(UInt8(ascii: " "), count: headerSize - header.count)
    return header
  }

  /// The bytes behind the tokens.
  static func trailer(_ content: Content, checksum: TokenChecksum) throws -> [UInt8] {
    var checksum = checksum
    checksum.add(content.numbers)
    let counts = content.validationCounts
    let json: JSONValue = [
      "segment_ends": .array(content.segmentEnds.map { JSONValue($0) }),
      "characters": JSONValue(counts.characters), "bytes": JSONValue(counts.bytes),
      "words": JSONValue(counts.words), "unknown": JSONValue(counts.unknown),
      "checksum": JSONValue(checksum.value),
    ]
    let bytes = try json.serialized()
    return bytes + withUnsafeBytes(of: UInt64(bytes.count).littleEndian, Array.init)
  }

  /// The tokens in the file at a path; nil when there is none, or none of this key, or one that is
  /// damaged: it is then made anew.
  static func read(
    _ path: String, key: String, vocabularySize: Int
  ) throws(StorageError) -> (tokens: TokenStore, content: Content)? {
    let descriptor: Descriptor
    do throws(StorageError) {
      descriptor = try Descriptor(opening: path, .read)
    } catch .missing {
      return nil
    }
    let width = Width(vocabularySize: vocabularySize)
    guard try descriptor.status().kind == .file,
      try descriptor.bytes(at: 0, atMost: headerSize) == header(key: key, width: width),
      let (content, stored, tokenBytes) = try content(of: descriptor),
      tokenBytes % width.rawValue == 0
    else { return nil }
    let count = tokenBytes / width.rawValue
    // Behind interleaved rows the first token stands once more.
    guard let end = content.segmentEnds.last, end <= count, count <= end + 1 else { return nil }
    var checksum = try check(
      descriptor, count: count, width: width, vocabularySize: vocabularySize)
    checksum?.add(content.numbers)
    guard checksum?.value == stored else { return nil }
    let store = TokenStore(
      try MappedFile(descriptor), start: headerSize, count: count, width: width)
    return (store, content)
  }

  /// The trailer and how many bytes of tokens are in front of it; nil when it is none.
  private static func content(
    of descriptor: borrowing Descriptor
  ) throws(StorageError) -> (content: Content, checksum: UInt64, tokenBytes: Int)? {
    let byteCount = try descriptor.status().byteCount
    guard byteCount >= headerSize + 8 else { return nil }
    let size = try descriptor.bytes(at: byteCount - 8, atMost: 8)
      .reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard size <= largestContent, Int(size) <= byteCount - 8 - headerSize else { return nil }
    let start = byteCount - 8 - Int(size)
    let bytes = try descriptor.bytes(at: start, atMost: Int(size))
    do {
      let json = JSONField(try JSONValue(parsing: bytes), path: name)
      let numbers = 0...Int.max
      let ends = try json.field("segment_ends").elements().map { try $0.int(in: numbers) }
      guard zip(ends, ends.dropFirst()).allSatisfy({ $0 <= $1 }) else { return nil }
      let counts = TextCounts(
        characters: try json.int("characters", in: numbers),
        bytes: try json.int("bytes", in: numbers), words: try json.int("words", in: numbers),
        unknown: try json.int("unknown", in: numbers))
      let content = Content(segmentEnds: ends, validationCounts: counts)
      return (content, try json.uint64("checksum"), start - headerSize)
    } catch {
      return nil
    }
  }

  /// The checksum of the tokens; nil when one of them is not in the vocabulary.
  private static func check(
    _ descriptor: borrowing Descriptor, count: Int, width: Width, vocabularySize: Int
  ) throws(StorageError) -> TokenChecksum? {
    var checksum = TokenChecksum()
    var done = 0
    while done < count {
      let portion = min(count - done, 1 << 17)
      let bytes = try descriptor.bytes(
        at: headerSize + done * width.rawValue, atMost: portion * width.rawValue)
      guard bytes.count == portion * width.rawValue else { return nil }
      let tokens = width.tokens(in: bytes)
      guard tokens.allSatisfy({ $0 >= 0 && Int($0) < vocabularySize }) else { return nil }
      checksum.add(tokens)
      done += portion
    }
    return checksum
  }
}

extension TokenFile.Width {
  /// The bytes of tokens, which fit.
  func bytes(of tokens: [TokenID]) -> [UInt8] {
    switch self {
    case .two: tokens.map { UInt16($0).littleEndian }.withUnsafeBytes { Array($0) }
    case .four: tokens.map(\.littleEndian).withUnsafeBytes { Array($0) }
    }
  }

  /// The tokens in whole bytes of them.
  func tokens(in bytes: [UInt8]) -> [TokenID] {
    bytes.withUnsafeBytes { raw in
      switch self {
      case .two:
        (0..<raw.count / 2).map { index in
          let number = raw.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)
          return TokenID(UInt16(littleEndian: number))
        }
      case .four:
        (0..<raw.count / 4).map { index in
          TokenID(
            littleEndian: raw.loadUnaligned(fromByteOffset: 4 * index, as: TokenID.self))
        }
      }
    }
  }
}

/// A sum of tokens and a sum of the sums so far (Fletcher's checksum): told by it are changed,
/// exchanged and missing tokens, by accident and not by intent.
struct TokenChecksum {
  private var sum: UInt64 = 1
  private var sumOfSums: UInt64 = 0

  /// Adds tokens.
  mutating func add(_ tokens: [TokenID]) {
    for token in tokens {
      sum &+= UInt64(UInt32(bitPattern: token))
      sumOfSums &+= sum
    }
  }

  /// Adds other numbers.
  mutating func add(_ numbers: [Int]) {
    for number in numbers {
      sum &+= UInt64(bitPattern: Int64(number))
      sumOfSums &+= sum
    }
  }

  /// The checksum so far.
  var value: UInt64 { sum ^ sumOfSums &* 0x9E37_79B9_7F4A_7C15 }
}
