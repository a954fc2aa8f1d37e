extension ByteStream {
  /// Runs `body` with the lines of what comes, as soon as their ends have come, in memory that does not grow
  /// with the stream; what is compressed with gzip is unpacked.
  ///
  /// `name` is what errors call the stream. Those lines are together that came together, so that a stream
  /// that is ahead of its reader can be worked on many lines at a time. The last may be without an end.
  package func forEachLines(
    name: String, longest: Int, _ body: ([LinePiece]) throws -> Void
  ) throws {
    var cutter = LineCutter(longest: longest)
    let nextBytes = try CorpusSource.unpacked(path: name) { try self.next() }
    while true {
      let bytes = try nextBytes()
      if bytes.isEmpty { break }
      let pieces = cutter.add(bytes)
      if !pieces.isEmpty { try body(pieces) }
    }
    if let last = cutter.finish() { try body([last]) }
  }

  /// Runs `body` with the lines of what comes as text by some rules, and returns what is worth telling of it.
  ///
  /// Lines come as soon as their ends have come, where the encoding has line feeds as ASCII has; of UTF-16
  /// and the like, some hundred thousand bytes together. No encoding is guessed. Throws as `TextReader` does,
  /// once `body` has had the lines before.
  package func forEachLines(
    name: String, longest: Int, _ rules: ReadingRules, _ body: ([LinePiece]) throws -> Void
  ) throws -> [String] {
    guard LineDecoder.canRead(rules.encoding) else {
      var rules = rules
      rules.documents = .file
      var reader = TextReader(
        rules, source: name,
        nextBytes: try CorpusSource.unpacked(path: name) { try self.next() })
      var cutter = LineCutter(longest: longest)
      while let passage = try reader.next() {
        let pieces = cutter.add(passage.text.bytes)
        if !pieces.isEmpty { try body(pieces) }
      }
      if let last = cutter.finish() { try body([last]) }
      let notice = CorpusSurvey.notice(
        ofInvalid: reader.invalidCount, encoding: reader.encoding ?? "text", rules.invalidBytes,
        source: name)
      return notice.map { [$0] } ?? []
    }
    var decoder = LineDecoder(rules, source: name)
    try forEachLines(name: name, longest: longest) { pieces in
      var decoded: [LinePiece] = []
      do {
        for piece in pieces { decoded.append(try decoder.decoded(piece)) }
      } catch {
        if !decoded.isEmpty { try body(decoded) }
        throw error
      }
      try body(decoded)
    }
    return decoder.notices
  }
}

extension CorpusFile {
  /// Runs `body` with the lines of the text, those of a passage together.
  package func forEachLines(longest: Int, _ body: ([LinePiece]) throws -> Void) throws {
    var cutter = LineCutter(longest: longest)
    try forEachPassage { passage in
      let pieces = cutter.add(passage.text.bytes)
      if !pieces.isEmpty { try body(pieces) }
    }
    if let last = cutter.finish() { try body([last]) }
  }
}
