import TextLMTensors
import TextLMTokenization

/// Texts in an order in which those of a label are neighbours, so that taking every tenth takes a
/// tenth of each label.
///
/// A text belongs to its rarest label; among these, those with the same second rarest label are
/// neighbours, and so on. Taking the rarest first is the idea of Konstantinos Sechidis et al., "On the
/// Stratification of Multi-Label Data", 2011. Beyond that the order is drawn. It depends on the texts,
/// their labels and the seed, and not on the order in which the texts were read.
struct StratifiedOrder {
  /// Numbers of texts that stay together: those that are the same, or one.
  let groups: [[Int]]
  /// The classes of each group.
  let classes: [[Int]]
  /// How many groups each class has.
  let groupCounts: [Int]

  init(
    _ data: LabelledData, _ random: RandomSource, keepsDuplicatesTogether: Bool
  ) throws(TextError) {
    try Normalizer.nfkcCasefold.checkAvailable()
    let textClasses = data.texts.map { $0.labels.compactMap(data.labels.index).sorted() }
    let same = TextFingerprint.groups(of: data.texts)
    let groups = keepsDuplicatesTogether ? same : same.flatMap { Self.apart($0, textClasses) }
    let classes = groups.map { group in
      group.count == 1 ? textClasses[group[0]] : Set(group.flatMap { textClasses[$0] }).sorted()
    }
    var counts = [Int](repeating: 0, count: data.labels.count)
    for group in classes { for index in group { counts[index] += 1 } }
    let ranked = counts.indices.sorted { (counts[$0], $0) < (counts[$1], $1) }
    var ranks = ranked
    for (rank, index) in ranked.enumerated() { ranks[index] = rank }
    var drawn = random
    var strata: [[Int]: [Int]] = [:]
    for group in drawn.shuffled(groups.indices) {
      strata[classes[group].map { ranks[$0] }.sorted(), default: []].append(group)
    }
    let order = strata.sorted { $0.key.lexicographicallyPrecedes($1.key) }.flatMap(\.value)
    self.groups = order.map { groups[$0] }
    self.classes = order.map { classes[$0] }
    groupCounts = counts
  }

  /// The same texts one by one, in an order that depends on their labels alone.
  private static func apart(_ group: [Int], _ classes: [[Int]]) -> [[Int]] {
    group.sorted { left, right in
      classes[left] == classes[right]
        ? left < right : classes[left].lexicographicallyPrecedes(classes[right])
    }.map { [$0] }
  }
}
