extension FeatureText {
  /// Calls `body` with the key of every feature as often as the text has it, and with the scalars
  /// that it is made of: two ranges of which the second may be empty.
  ///
  /// Takes time in proportion to the length of the text.
  @inline(__always)
  func forEachFeature(
    _ configuration: NGramFeatureConfiguration,
    _ body: (_ key: UInt64, _ first: Range<Int>, _ second: Range<Int>) -> Void
  ) {
    forEachCharacterSequence(configuration.characterLengths) { key, range in
      body(key, range, range.upperBound..<range.upperBound)
    }
    guard configuration.wordLength > 0 || configuration.pairDistance > 1 else { return }
    let hashes = words.map { word in
      word.reduce(FeatureKey.start) { FeatureKey.extended($0, by: UInt64(scalars[$1])) }
    }
    for (place, word) in words.enumerated() {
      var hash = FeatureKey.start
      for last in place..<min(words.count, place + configuration.wordLength) {
        hash = FeatureKey.extended(hash, by: hashes[last])
        let range = word.lowerBound..<words[last].upperBound
        body(FeatureKey.key(hash, .words), range, range.upperBound..<range.upperBound)
      }
      guard configuration.pairDistance > 1 else { continue }
      let begin = FeatureKey.extended(FeatureKey.start, by: hashes[place])
      let furthest = min(words.count - 1, place + configuration.pairDistance)
      for other in stride(from: place + 2, through: furthest, by: 1) {
        body(
          FeatureKey.key(FeatureKey.extended(begin, by: hashes[other]), .pairs), word,
          words[other])
      }
    }
  }

  /// Sequences of characters of words, each word between two ends.
  @inline(__always)
  private func forEachCharacterSequence(
    _ lengths: ClosedRange<Int>, _ body: (_ key: UInt64, _ range: Range<Int>) -> Void
  ) {
    /// No scalar has this number.
    let end: UInt64 = 0x110000
    for word in words {
      // Places −1 and `upperBound` are the ends.
      for first in word.lowerBound - 1..<word.upperBound {
        var hash = FeatureKey.start
        let last = min(first + lengths.upperBound - 1, word.upperBound)
        for place in first...max(first, last) {
          let isInside = place >= word.lowerBound && place < word.upperBound
          hash = FeatureKey.extended(hash, by: isInside ? UInt64(scalars[place]) : end)
          let length = place - first + 1
          guard length >= lengths.lowerBound, length > 1 || isInside else { continue }
          let range = max(first, word.lowerBound)..<min(place + 1, word.upperBound)
          body(FeatureKey.key(hash, .characters), range)
        }
      }
    }
  }
}
