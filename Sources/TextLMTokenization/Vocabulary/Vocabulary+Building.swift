extension Vocabulary {
  /// Makes the vocabulary of counted units.
  ///
  /// Units are numbered by frequency, those of equal frequency by code points. When any unit is
  /// left out, 256 byte tokens are added, and texts with such units cost more tokens but lose
  /// nothing. When none is, a scalar that was never counted becomes `<unk>`; units that are not
  /// scalars always get the byte tokens, because an unseen one cannot be priced.
  ///
  /// - Parameters:
  ///   - counts: The units of the training part; what is only in the validation part must stay
  ///     unknown.
  ///   - kind: What the units are made of; of bytes, only the byte tokens remain.
  ///   - rule: Which of them to keep.
  /// - Throws: `TextError` for a rule that makes no sense, and when nothing is kept.
  public init(
    counts: UnitCounts, kind: UnitKind = .scalar, rule: VocabularyRule = VocabularyRule()
  ) throws(TextError) {
    try rule.check()
    if let frozen = rule.frozen {
      self = frozen
    } else if kind == .byte {
      try self.init(units: [], counts: [], hasByteFallback: true)
    } else {
      let all = counts.ranked
      let kept = all.prefix(rule.keptCount(of: all.map(\.count), total: counts.total))
      guard !kept.isEmpty else { throw .emptyVocabulary }
      try self.init(
        units: kept.map(\.unit), counts: kept.map(\.count),
        hasByteFallback: kind == .sequence || kept.count < all.count)
    }
  }
}
