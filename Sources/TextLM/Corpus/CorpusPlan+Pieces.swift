extension CorpusPlan {
  /// A passage, or the part of it that lies in one segment.
  struct Piece {
    /// The text, prepared where the plan is.
    var text: UTF8Text
    /// The index of the segment.
    var segment: Int
    /// Whether a document begins with it, or the segment does.
    var startsDocument: Bool
  }

  /// Reads all segments, piece by piece.
  func forEachPiece(
    _ preparation: TextPreparation, _ body: (Piece) throws -> Void
  ) throws {
    var segment = 0
    var left = segments[0].characterCount
    var beginsSegment = true
    for file in files {
      try file.forEachPassage { passage in
        var text = isPrepared ? preparation.prepare(passage.text) : passage.text
        var startsDocument = passage.startsDocument
        var count = text.characterCount
        while count > 0 {
          while left == 0 {
            segment += 1
            // What does not fill a window in every row is dropped.
            guard segment < segments.count else { return }
            left = segments[segment].characterCount
            beginsSegment = true
          }
          let part = text.prefix(characterCount: left, of: count)
          let begins = beginsSegment || (startsDocument && boundaries == .documents)
          try body(Piece(text: part.head, segment: segment, startsDocument: begins))
          (beginsSegment, startsDocument) = (false, false)
          let taken = min(left, count)
          left -= taken
          count -= taken
          text = part.tail
        }
      }
    }
  }

  /// Counts the units of the training part, and makes the tokenizer; says how often rare units were
  /// let go for want of memory.
  func makeTokenizer(
    _ options: TrainingData.Options
  ) throws -> (tokenizer: Tokenizer, droppedCount: Int) {
    var counts = UnitCounts()
    try forEachPiece(options.preparation) { piece in
      guard segments[piece.segment].part == .training else { return }
      let text = isPrepared ? piece.text : options.preparation.prepare(piece.text)
      counts.add(text, segmenter: options.segmenter)
    }
    let tokenizer = try Tokenizer(
      preparation: options.preparation, segmenter: options.segmenter,
      vocabulary: Vocabulary(
        counts: counts, kind: type(of: options.segmenter).kind, rule: options.vocabulary))
    return (tokenizer, counts.droppedCount)
  }

  /// Encodes all segments; says where each ends among the tokens, and the size of what is measured.
  func encode(
    _ tokenizer: Tokenizer, _ body: ([TokenID]) throws -> Void
  ) throws -> (segmentEnds: [Int], counts: TextCounts) {
    var ends = [Int](repeating: 0, count: segments.count)
    var counts = TextCounts.zero
    var (count, last) = (0, 0)
    var isInWord = false
    var first: TokenID?
    try forEachPiece(tokenizer.preparation) { piece in
      while last < piece.segment {
        last += 1
        ends[last] = count
      }
      var tokens =
        isPrepared ? tokenizer.encode(prepared: piece.text) : tokenizer.encode(piece.text)
      if piece.startsDocument { isInWord = false }
      if segments[piece.segment].part == measuredPart {
        counts =
          counts
          + TextCounts(
            characters: piece.text.characterCount, bytes: piece.text.bytes.count,
            words: piece.text.wordCount(continuing: &isInWord),
            unknown: tokens.count { $0 == Vocabulary.unknown })
      }
      if piece.startsDocument, boundaries != .none {
        tokens.insert(Vocabulary.boundary, at: 0)
        if measuresEnds, segments[piece.segment].part == measuredPart {
          counts = counts + .documentEnd
        }
      }
      first = first ?? tokens.first
      try body(tokens)
      count += tokens.count
      ends[piece.segment] = count
    }
    for segment in last + 1..<max(segments.count, last + 1) { ends[segment] = count }
    // The last document ends too.
    if measuresEnds, count > 0 {
      try body([Vocabulary.boundary])
      ends[segments.count - 1] += 1
    }
    // What is to be predicted behind the last row is the first one's beginning, as in char-rnn.
    if isInterleaved, let first { try body([first]) }
    return (ends, counts)
  }
}

extension UTF8Text {
  /// The first characters, scalars, and the rest; `count` is the number of all.
  fileprivate func prefix(
    characterCount: Int, of count: Int
  ) -> (head: UTF8Text, tail: UTF8Text) {
    guard characterCount < count else { return (self, UTF8Text("")) }
    var seen = 0
    for (offset, byte) in bytes.enumerated() where byte & 0xC0 != 0x80 {
      if seen == characterCount { return split(atByte: offset) }
      seen += 1
    }
    return (self, UTF8Text(""))
  }
}
