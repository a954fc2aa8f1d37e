/// Which scalars of a text each scalar of its folded form comes from.
struct ScalarSources {
  /// How many scalars the text has.
  private let count: Int
  /// For each folded scalar, those of the text that it stands for; at least one.
  private let sources: [Range<Int>]

  init(_ text: String, preparedCount: Int) {
    let bytes = UTF8Text(text)
    // The scalar in which each byte lies.
    var scalars: [Int] = []
    scalars.reserveCapacity(bytes.bytes.count)
    var last = -1
    for byte in bytes.bytes {
      if byte & 0xC0 != 0x80 { last += 1 }
      scalars.append(last)
    }
    let count = last + 1
    self.count = count
    sources = Self.tokenizer.encodeWithOffsets(bytes).ranges.map { range in
      // What was inserted belongs to the scalar before it.
      let first = scalars[max(0, min(range.lowerBound, scalars.count) - (range.isEmpty ? 1 : 0))]
      return range.isEmpty ? first..<first + 1 : first..<scalars[range.upperBound - 1] + 1
    }
    require(
      sources.count == preparedCount,
      "sources: \(sources.count) of \(preparedCount) folded scalars")
  }

  /// Numbers of the folded scalars as numbers of the text's own, each divided equally among those it
  /// comes from.
  func moved(_ values: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: count)
    for (value, source) in zip(values, sources) {
      for place in source { result[place] += value / Double(source.count) }
    }
    return result
  }

  /// Cuts folded text into scalars and knows where each comes from. What it has units for does not
  /// matter.
  private static let tokenizer: Tokenizer = {
    do {
      return try Tokenizer(
        preparation: FeatureText.preparation, segmenter: CodePointSegmenter(),
        vocabulary: Vocabulary(
          VocabularyDescription(units: ["a"], counts: [1], hasByteFallback: false)))
    } catch {
      preconditionFailure("sources: \(error)")
    }
  }()
}
