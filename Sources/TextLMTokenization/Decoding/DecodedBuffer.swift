/// Text that was decoded and not yet handed out, with line ends as asked for.
struct DecodedBuffer {
  /// Valid UTF-8 that ends with a whole scalar.
  private(set) var bytes: [UInt8] = []
  /// Where the bytes come from; nil when nobody asks.
  private(set) var map: SourceMap?
  /// Line feeds so far, for saying where something is wrong.
  private(set) var lineFeedCount = 0
  private let newlines: NewlineRule
  /// CRs of which it is not known yet whether a LF follows.
  private var heldReturns: (source: Int, sourceStep: Int, count: Int)?

  init(newlines: NewlineRule, tracksOffsets: Bool) {
    self.newlines = newlines
    map = tracksOffsets ? SourceMap() : nil
  }

  /// Appends text that was copied from `source`, each scalar of which took `sourceStep` bytes for
  /// `textStep` of its own.
  mutating func append(
    _ text: Span<UInt8>, source: Int, textStep: Int = 1, sourceStep: Int = 1
  ) {
    guard newlines == .lf else { return add(text, source, textStep, sourceStep) }
    func place(_ index: Int) -> Int { source + index / textStep * sourceStep }
    var start = 0
    while start < text.count {
      if let held = heldReturns {
        switch text[start] {
        case Self.carriageReturn:
          heldReturns?.count += 1
          start += 1
          continue
        case Self.lineFeed:
          heldReturns = nil
          add([Self.lineFeed].span, held.source, 1, place(start) + sourceStep - held.source)
          start += 1
          continue
        default: releaseHeldReturns()
        }
      }
      let end = text.firstIndex(of: Self.carriageReturn, from: start) ?? text.count
      add(text.extracting(start..<end), place(start), textStep, sourceStep)
      if end < text.count { heldReturns = (place(end), sourceStep, 1) }
      start = end + 1
    }
  }

  /// Appends one scalar that was made of `byteCount` bytes at `source`.
  mutating func append(scalar text: Span<UInt8>, source: Int, byteCount: Int) {
    append(text, source: source, textStep: text.count, sourceStep: byteCount)
  }

  /// Nothing follows any more.
  mutating func finish() {
    releaseHeldReturns()
  }

  /// Forgets the first bytes.
  mutating func removeFirst(_ count: Int) {
    guard count > 0 else { return }
    bytes.removeFirst(count)
    map?.removeText(before: count)
  }

  private mutating func add(
    _ text: Span<UInt8>, _ source: Int, _ textStep: Int, _ sourceStep: Int
  ) {
    guard !text.isEmpty else { return }
    bytes.append(addingCapacity: text.count) { output in
      for index in text.indices { output.append(text[unchecked: index]) }
    }
    lineFeedCount += text.count(of: Self.lineFeed)
    map?.append(
      textCount: text.count, source: source, textStep: textStep, sourceStep: sourceStep)
  }

  private mutating func releaseHeldReturns() {
    guard let held = heldReturns else { return }
    heldReturns = nil
    let returns = [UInt8](repeating: Self.carriageReturn, count: held.count)
    add(returns.span, held.source, 1, held.sourceStep)
  }

  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")
}

extension Span<UInt8> {
  /// The first place of a byte at or behind `start`.
  func firstIndex(of byte: UInt8, from start: Int) -> Int? {
    var index = start
    while index < count {
      // In blocks without a branch, of which the compiler takes many bytes at once.
      let end = Swift.min(index + 64, count)
      var found = false
      for place in index..<end where self[unchecked: place] == byte { found = true }
      if found {
        while self[unchecked: index] != byte { index += 1 }
        return index
      }
      index = end
    }
    return nil
  }

  /// How often a byte occurs.
  func count(of byte: UInt8) -> Int {
    var total = 0
    var index = 0
    while index < count {
      // At most 255 at a time, so that the sum fits a byte and the compiler takes many at once.
      let end = Swift.min(index + 255, count)
      var sum: UInt8 = 0
      while index < end {
        sum &+= self[unchecked: index] == byte ? 1 : 0
        index += 1
      }
      total += Int(sum)
    }
    return total
  }
}
