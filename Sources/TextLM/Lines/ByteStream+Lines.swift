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
