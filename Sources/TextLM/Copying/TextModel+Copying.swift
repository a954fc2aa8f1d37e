extension TextModel {
  /// The index of texts as this model reads them: for `CopyLimit`, and for `novelty`.
  ///
  /// - Complexity: Linear in the length of the texts; some 60 bytes of memory for each token.
  public func copyIndex(of texts: [UTF8Text]) -> CopyIndex {
    CopyIndex(readingOrder(texts), vocabularySize: tokenizer.vocabulary.count)
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
