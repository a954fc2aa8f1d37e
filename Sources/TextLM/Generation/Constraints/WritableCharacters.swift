/// The characters that texts of a vocabulary can have.
package struct WritableCharacters: Sendable {
  /// Their scalars; nil for all, which byte tokens spell.
  private let scalars: Set<UInt32>?

  /// Those of the units, or all where there are byte tokens.
  package init(_ vocabulary: Vocabulary) {
    guard !vocabulary.hasByteFallback else {
      scalars = nil
      return
    }
    var found: Set<UInt32> = []
    for index in 0..<vocabulary.unitCount { found.formUnion(vocabulary.unit(at: index).scalars) }
    scalars = found
  }

  /// Whether a text has none but these.
  func hasAll(of text: UTF8Text) -> Bool {
    guard let scalars else { return true }
    return text.scalars.allSatisfy { scalars.contains($0) }
  }

  /// The characters of a text that are none of these, each once, in their order.
  package func lacking(in text: String) -> [Unicode.Scalar] {
    guard let scalars else { return [] }
    var seen = scalars
    return Array(text.unicodeScalars).filter { seen.insert($0.value).inserted }
  }

  /// The sets in a pattern that have none of these, each once, in their order; with `areNeeded` only
  /// those without which the pattern has no text.
  func lacking(in pattern: TextPattern, areNeeded: Bool) -> [ScalarRanges] {
    var seen: Set<[ClosedRange<UInt32>]> = []
    return sets(lackingIn: pattern, areNeeded: areNeeded)
      .filter { seen.insert($0.ranges).inserted }
  }

  private func sets(lackingIn pattern: TextPattern, areNeeded: Bool) -> [ScalarRanges] {
    switch pattern {
    case .scalar(let set):
      return hasAny(of: set) ? [] : [set]
    case .sequence(let parts):
      return parts.flatMap { sets(lackingIn: $0, areNeeded: areNeeded) }
    case .choice(let parts):
      let lacking = parts.map { sets(lackingIn: $0, areNeeded: areNeeded) }
      return areNeeded && lacking.contains(where: \.isEmpty) ? [] : lacking.flatMap { $0 }
    case .repeated(let part, let from, _):
      return areNeeded && from == 0 ? [] : sets(lackingIn: part, areNeeded: areNeeded)
    case .word:
      return []
    }
  }

  private func hasAny(of set: ScalarRanges) -> Bool {
    guard let scalars else { return !set.ranges.isEmpty }
    if set.ranges.count == 1, let range = set.ranges.first, range.count == 1 {
      return scalars.contains(range.lowerBound)
    }
    return scalars.contains { set.contains($0) }
  }
}
