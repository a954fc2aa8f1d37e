extension TextModel {
  /// The index of texts as this model reads them: for `CopyLimit`, and for `novelty`.
  ///
  /// Throws `CopyIndexError.tooLong` for texts for whose index there is no room.
  ///
  /// - Complexity: Linear in the length of the texts; some 100 bytes of memory for each token.
  public func copyIndex(of texts: [UTF8Text]) throws(CopyIndexError) -> CopyIndex {
    let ordered = readingOrder(texts)
    try CopyIndex.checkSize(
      tokenCount: ordered.reduce(0) { $0 + $1.count },
      availableBytes: SystemMemory.availableBytes)
    return CopyIndex(ordered, vocabularySize: tokenizer.vocabulary.count)
  }

  /// The index of the text that this model was trained on, which `TrainingRun.writeCopyIndex` has
  /// written beside the model; `path` is that of the model, a file or a run's folder.
  ///
  /// Throws `CopyIndexError` where there is none, or one that is damaged or another model's;
  /// `StorageError`.
  public func copyIndex(besideModelAt path: String) throws -> CopyIndex {
    try CopyIndex(
      contentsOf: CopyIndex.path(besideModelAt: path),
      tokenizerDigest: CopyIndex.tokenizerDigest(tokenizer, configuration.direction),
      vocabularySize: tokenizer.vocabulary.count)
  }

  /// How much of texts stands in the texts of an index that this model has made.
  public func novelty(of texts: [UTF8Text], _ index: CopyIndex) -> Novelty {
    Novelty(readingOrder(texts), index)
  }

  /// The longest stretch of a novelty, as text.
  public func longestCopy(_ novelty: Novelty) -> String {
    tokenizer.decode(configuration.direction.ordered(novelty.longest))
  }

  private func readingOrder(_ texts: [UTF8Text]) -> [[TokenID]] {
    texts.map { configuration.direction.ordered(tokenizer.encode($0)) }
  }
}
