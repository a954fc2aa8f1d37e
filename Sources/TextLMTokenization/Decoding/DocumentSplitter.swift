/// Finds what lies between documents.
struct DocumentSplitter {
  private let rule: DocumentRule
  private let delimiter: [UInt8]

  init(_ rule: DocumentRule) {
    self.rule = rule
    delimiter = if case .delimiter(let text) = rule { Array(text.utf8) } else { [] }
  }

  /// What is known about a text so far.
  struct Finding: Equatable {
    /// The first separator.
    var separator: Range<Int>?
    /// None begins before this place.
    var clearEnd: Int
  }

  /// Looks for a separator that begins at or behind `start`.
  ///
  /// - Parameters:
  ///   - isDocumentStart: Whether a document begins at `start`.
  ///   - isLast: Whether the text goes no further.
  func next(
    in text: Span<UInt8>, from start: Int, isDocumentStart: Bool, isLast: Bool
  ) -> Finding {
    switch rule {
    case .file: Finding(separator: nil, clearEnd: text.count)
    case .line: nextLineEnd(in: text, from: start)
    case .blankLine:
      nextBlankLines(in: text, from: start, isDocumentStart: isDocumentStart, isLast: isLast)
    case .delimiter: nextDelimiter(in: text, from: start, isLast: isLast)
    }
  }

  private func nextLineEnd(in text: Span<UInt8>, from start: Int) -> Finding {
    guard let found = text.firstIndex(of: Self.lineFeed, from: start) else {
      return Finding(separator: nil, clearEnd: lineEnd(before: text.count, in: text, from: start))
    }
    let begin = lineEnd(before: found, in: text, from: start)
    return Finding(separator: begin..<found + 1, clearEnd: begin)
  }

  /// A line end and all blank lines behind it; at the start of a document also blank lines alone,
  /// and at the end of the text also a line end alone.
  private func nextBlankLines(
    in text: Span<UInt8>, from start: Int, isDocumentStart: Bool, isLast: Bool
  ) -> Finding {
    if isDocumentStart {
      let (end, isOpen) = endOfBlankLines(in: text, from: start, isLast: isLast)
      if isOpen { return Finding(separator: nil, clearEnd: start) }
      if end > start { return Finding(separator: start..<end, clearEnd: start) }
    }
    var place = start
    while let found = text.firstIndex(of: Self.lineFeed, from: place) {
      let begin = lineEnd(before: found, in: text, from: start)
      let (end, isOpen) = endOfBlankLines(in: text, from: found + 1, isLast: isLast)
      if isOpen { return Finding(separator: nil, clearEnd: begin) }
      if end > found + 1 || end == text.count {
        return Finding(separator: begin..<end, clearEnd: begin)
      }
      place = found + 1
    }
    return Finding(separator: nil, clearEnd: lineEnd(before: text.count, in: text, from: start))
  }

  /// Where the blank lines from `start` on end; `isOpen` when more of them may come.
  private func endOfBlankLines(
    in text: Span<UInt8>, from start: Int, isLast: Bool
  ) -> (end: Int, isOpen: Bool) {
    var end = start
    var place = start
    while place < text.count {
      switch text[place] {
      case Self.lineFeed:
        place += 1
        end = place
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): place += 1
      default: return (end, false)
      }
    }
    return isLast ? (text.count, false) : (end, true)
  }

  private func nextDelimiter(in text: Span<UInt8>, from start: Int, isLast: Bool) -> Finding {
    var place = start
    while let found = text.firstIndex(of: delimiter[0], from: place) {
      guard found + delimiter.count <= text.count else {
        return Finding(separator: nil, clearEnd: isLast ? text.count : found)
      }
      if delimiter.indices.allSatisfy({ text[found + $0] == delimiter[$0] }) {
        return Finding(separator: found..<found + delimiter.count, clearEnd: found)
      }
      place = found + 1
    }
    return Finding(separator: nil, clearEnd: text.count)
  }

  /// A place, or the one before it when a CR is there: what comes before a LF ends with it.
  private func lineEnd(before place: Int, in text: Span<UInt8>, from start: Int) -> Int {
    place > start && text[place - 1] == UInt8(ascii: "\r") ? place - 1 : place
  }

  private static let lineFeed = UInt8(ascii: "\n")
}
