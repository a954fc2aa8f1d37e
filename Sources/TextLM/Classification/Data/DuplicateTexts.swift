import TextLMTokenization

/// Texts that are the same as others.
///
/// White space at the ends and its amount elsewhere, capitals, and what NFKC makes equal count for
/// nothing: a classifier that has learned one of them has nothing to show on the other.
public struct DuplicateTexts: Sendable, Equatable {
  /// Texts that are the same, two or more in each group: ascending numbers, and groups by the first.
  public let groups: [[Int]]
  /// Groups of texts that have not all the same labels.
  public let conflictCount: Int

  /// Finds the texts that are the same.
  ///
  /// - Throws: `TextError.normalizationUnavailable`.
  /// - Complexity: Linear in the length of the texts, and n log n in their number.
  public init(_ texts: [LabelledText]) throws(TextError) {
    try Normalizer.nfkcCasefold.checkAvailable()
    groups = TextFingerprint.groups(of: texts).filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
    conflictCount = groups.count { group in
      group.contains { !texts[$0].hasSameLabels(as: texts[group[0]]) }
    }
  }

  /// How many texts are there already.
  public var repeatCount: Int { groups.reduce(0) { $0 + $1.count - 1 } }

  /// The texts of `second` that are in `first` too, each with the place of the first such text.
  ///
  /// - Throws: `TextError.normalizationUnavailable`.
  public static func pairs(
    _ first: some Collection<LabelledText>, _ second: some Collection<LabelledText>
  ) throws(TextError) -> [DuplicatePair] {
    try Normalizer.nfkcCasefold.checkAvailable()
    var known: [TextFingerprint: LabelledText] = [:]
    for text in first {
      let print = TextFingerprint(text.text)
      if known[print] == nil { known[print] = text }
    }
    return second.compactMap { text in
      known[TextFingerprint(text.text)].map {
        DuplicatePair(
          first: $0.place, second: text.place, haveSameLabels: $0.hasSameLabels(as: text))
      }
    }
  }
}
