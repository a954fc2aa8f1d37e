/// Reads bytes as text, passage by passage, in memory that does not grow with the text.
///
/// Bytes become UTF-8, line ends are unified where asked for, and the text is cut into documents
/// and these into passages. A passage ends with the first line that ends 256 KiB behind its start
/// or later; a line longer than 1 MiB is cut where a grapheme cluster begins and every
/// normalization starts anew. Everything that is done to text later is done passage by passage, and
/// where they end depends on the text alone, so that results do not depend on how it was read.
///
/// The encoding `automatic` is taken like `standard`, but for UTF-16 and UTF-32 without a mark: a
/// guess needs samples from the whole text, which only who has the text can take
/// (`EncodingGuess`).
public struct TextReader {
  private let source: String
  private let nextBytes: () throws -> [UInt8]
  private var decoder: ByteDecoder
  private var buffer: DecodedBuffer
  private let splitter: DocumentSplitter
  private var cutter = PassageCutter()
  /// Where the next passage begins in the buffer.
  private var head = 0
  /// How far separators were looked for.
  private var searched = 0
  private var separator: Range<Int>?
  private var startsDocument = true
  private var hasEnded = false

  /// Makes a reader.
  ///
  /// - Parameters:
  ///   - options: What to make of the bytes.
  ///   - source: What errors call the text: the name of the file, as a rule.
  ///   - tracksOffsets: Whether passages tell where their bytes come from.
  ///   - nextBytes: Gives the next bytes, as many as it likes; none at the end.
  public init(
    _ options: ReadingRules, source: String, tracksOffsets: Bool = false,
    nextBytes: @escaping () throws -> [UInt8]
  ) {
    self.source = source
    self.nextBytes = nextBytes
    decoder = ByteDecoder(options, source: source)
    buffer = DecodedBuffer(newlines: options.newlines, tracksOffsets: tracksOffsets)
    splitter = DocumentSplitter(options.documents)
  }

  /// The next passage, which is never empty; nil at the end.
  ///
  /// - Throws: `TextError` for bytes that are no text, and whatever reading them throws.
  public mutating func next() throws -> Passage? {
    while true {
      if let passage = takePassage() { return passage }
      if hasEnded { return nil }
      try fill()
    }
  }

  /// The name of the encoding; nil before the first passage.
  public var encoding: String? { decoder.encoding }
  /// Whether a byte-order mark was stripped.
  public var hadByteOrderMark: Bool { decoder.hadByteOrderMark }
  /// How many wrong pieces were replaced or skipped so far.
  public var invalidCount: Int { decoder.invalidCount }

  private mutating func fill() throws {
    buffer.removeFirst(head)
    searched -= head
    separator = separator.map { $0.lowerBound - head..<$0.upperBound - head }
    head = 0
    let bytes = try nextBytes()
    hasEnded = bytes.isEmpty
    try decoder.decode(bytes, isLast: hasEnded, into: &buffer)
  }

  private mutating func takePassage() -> Passage? {
    while true {
      let bytes = buffer.bytes
      let text = bytes.span
      if separator == nil {
        let finding = splitter.next(
          in: text, from: searched, isDocumentStart: startsDocument && searched == head,
          isLast: hasEnded)
        separator = finding.separator
        searched = finding.clearEnd
      }
      let limit = separator?.lowerBound ?? (hasEnded ? text.count : searched)
      if head < limit,
        let count = cutter.end(
          of: text.extracting(head..<limit), isWhole: separator != nil || hasEnded)
      {
        return passage(head..<head + count)
      }
      guard let found = separator else { return nil }
      // The document is over.
      head = found.upperBound
      searched = head
      separator = nil
      startsDocument = true
      cutter = PassageCutter()
    }
  }

  private mutating func passage(_ range: Range<Int>) -> Passage {
    head = range.upperBound
    defer { startsDocument = false }
    return Passage(
      text: UTF8Text(valid: Array(buffer.bytes[range])), startsDocument: startsDocument,
      sourceMap: buffer.map?.slice(range))
  }
}
