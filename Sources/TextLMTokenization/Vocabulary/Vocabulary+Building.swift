extension Vocabulary {
  /// Makes the vocabulary of counted units.
  ///
  /// Units are numbered by frequency, those of equal frequency by code points. When any unit is
  /// left out, 256 byte tokens are added, and texts with such units cost more tokens but lose
  /// nothing. When none is, a unit that was never counted becomes `<unk>`.
  ///
  /// - Parameters:
  ///   - counts: The units of the training part; what is only in the validation part must stay
  ///     unknown.
  ///   - minimumCount: Units that occur less often are left out.
  ///   - maximumUnitCount: At most so many units are kept, the most frequent ones; nil for all. The
  ///     boundary, `<unk>` and byte tokens come on top.
  /// - Throws: `TextError.vocabularyOption` for a limit below 1, `TextError.emptyVocabulary` when
  ///   nothing is kept.
  public init(
    counts: UnitCounts, minimumCount: Int = 1, maximumUnitCount: Int? = nil
  ) throws(TextError) {
    if minimumCount < 1 {
      throw .vocabularyOption(name: "minimum count", value: minimumCount, minimum: 1)
    }
    if let maximumUnitCount, maximumUnitCount < 1 {
      throw .vocabularyOption(name: "maximum vocabulary", value: maximumUnitCount, minimum: 1)
    }
    let all = counts.ranked
    let frequent = all.prefix { $0.count >= minimumCount }
    let kept = frequent.prefix(maximumUnitCount ?? frequent.count)
    try self.init(
      units: kept.map(\.unit), counts: kept.map(\.count), hasByteFallback: kept.count < all.count)
  }
}
