extension TrainingData {
  /// Refuses an index of what is learned from for which there is no room.
  ///
  /// Throws `CopyIndexError.tooLong`.
  public func checkCopyIndex() throws(CopyIndexError) {
    try CopyIndex.checkSize(
      tokenCount: streams.learnedRanges.reduce(0) { $0 + $1.count },
      availableBytes: SystemMemory.availableBytes)
  }

  /// Writes the index of what is learned from into a folder, for a model of a direction.
  func writeCopyIndex(
    to folder: Folder, _ direction: ReadingDirection
  ) throws -> CopyIndex {
    try checkCopyIndex()
    let index = CopyIndex(
      streams.learnedRanges.map { streams.tokens[$0] },
      vocabularySize: tokenizer.vocabulary.count)
    try index.write(
      to: folder.path(to: CopyIndex.fileName),
      tokenizerDigest: CopyIndex.tokenizerDigest(tokenizer, direction))
    return index
  }
}

extension TrainingRun {
  /// Writes `copy-index.safetensors`, the index of the text that is learned from, into the run's
  /// folder, unless one is there that can be used; it is read with
  /// `TextModel.copyIndex(besideModelAt:)`.
  ///
  /// Throws `CopyIndexError.tooLong` for a text for whose index there is no room; `StorageError`.
  ///
  /// - Returns: How many tokens were put into it; nil where it was there already.
  /// - Complexity: Linear in the length of the text, some 2 µs and 100 bytes of memory for a token.
  public func writeCopyIndex() throws -> Int? {
    let direction = settings.model.direction
    do {
      _ = try CopyIndex(
        contentsOf: folder.path(to: CopyIndex.fileName),
        tokenizerDigest: CopyIndex.tokenizerDigest(data.tokenizer, direction),
        vocabularySize: data.tokenizer.vocabulary.count)
      return nil
    } catch is CopyIndexError {
      // None, or one that is of no use.
      return try data.writeCopyIndex(to: folder, direction).tokenCount
    }
  }
}

extension TokenStreams {
  /// The tokens that the rows read or predict: those of rows that follow one another in one piece.
  var learnedRanges: [Range<Int>] {
    var ranges: [Range<Int>] = []
    for start in starts.sorted() {
      let end = start + length + 1
      if let last = ranges.last, last.upperBound >= start {
        ranges[ranges.count - 1] = last.lowerBound..<max(last.upperBound, end)
      } else {
        ranges.append(start..<end)
      }
    }
    return ranges
  }
}
