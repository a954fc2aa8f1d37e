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
    let texts = data.texts.indices.map { index in
      Text(
        print: TextFingerprint(data.texts[index].text),
        classes: data.texts[index].labels.compactMap(data.labels.index).sorted(), index: index)
    }.sorted(by: <)
    var groups: [(texts: [Int], classes: Set<Int>)] = []
    for (place, text) in texts.enumerated() {
      if keepsDuplicatesTogether, place > 0, texts[place - 1].print == text.print {
        groups[groups.count - 1].texts.append(text.index)
        groups[groups.count - 1].classes.formUnion(text.classes)
      } else {
        groups.append(([text.index], Set(text.classes)))
      }
    }
    var counts = [Int](repeating: 0, count: data.labels.count)
    for group in groups { for index in group.classes { counts[index] += 1 } }
    let ranked = counts.indices.sorted { (counts[$0], $0) < (counts[$1], $1) }
    var ranks = ranked
    for (rank, index) in ranked.enumerated() { ranks[index] = rank }
    var drawn = random
    let ordered = drawn.shuffled(groups).map { group in
      (group: group, key: group.classes.map { ranks[$0] }.sorted())
    }.enumerated().sorted { left, right in
      if left.element.key != right.element.key {
        return left.element.key.lexicographicallyPrecedes(right.element.key)
      }
      return left.offset < right.offset
    }
    self.groups = ordered.map(\.element.group.texts)
    classes = ordered.map { $0.element.group.classes.sorted() }
    groupCounts = counts
  }

  /// A text in an order that is the same however the texts were read.
  private struct Text {
    let print: TextFingerprint
    let classes: [Int]
    let index: Int

    static func < (left: Text, right: Text) -> Bool {
      if left.print != right.print { return left.print < right.print }
      if left.classes != right.classes {
        return left.classes.lexicographicallyPrecedes(right.classes)
      }
      return left.index < right.index
    }
  }
}
