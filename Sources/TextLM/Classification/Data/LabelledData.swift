import TextLMTensors

/// Texts with labels, and what was found out when they were read.
public struct LabelledData: Sendable {
  /// The texts in the order in which they were read, at least one.
  public let texts: [LabelledText]
  /// All labels that occur, in their order.
  public let labels: LabelSet
  /// The first rows that were left out, in the order in which they were read.
  public let badRows: [BadRow]
  /// How many rows were left out, listed or not.
  public let badRowCount: Int
  /// What was read and how.
  public let sources: [LabelledSource]

  /// Data of texts.
  ///
  /// - Throws: `LabelledDataError.noTexts`, and as `LabelSet.init(kind:names:)` does.
  public init(
    texts: [LabelledText], kind: LabelKind, badRows: [BadRow] = [], badRowCount: Int = 0,
    sources: [LabelledSource] = []
  ) throws(LabelledDataError) {
    guard !texts.isEmpty else {
      throw .noTexts(paths: sources.map(\.path), badRowCount: badRowCount, first: badRows.first)
    }
    self.texts = texts
    var names: Set<UTF8Key> = []
    for text in texts { for name in text.labels { names.insert(UTF8Key(name)) } }
    labels = try LabelSet(kind: kind, names: names.map(\.text))
    self.badRows = badRows
    self.badRowCount = max(badRowCount, badRows.count)
    self.sources = sources
  }

  /// What the labels mean.
  public var kind: LabelKind { labels.kind }

  /// How many texts have each label, in the order of `labels`.
  public var labelCounts: [Int] {
    var counts = [Int](repeating: 0, count: labels.count)
    for text in texts { for index in text.labels.compactMap(labels.index) { counts[index] += 1 } }
    return counts
  }

  /// Refuses texts that all have the same label, of which nothing can be learned.
  ///
  /// - Throws: `LabelledDataError.oneLabel`.
  public func requireSeveralLabels() throws(LabelledDataError) {
    func classes(_ text: LabelledText) -> Set<Int> { Set(text.labels.compactMap(labels.index)) }
    let first = classes(texts[0])
    if texts.allSatisfy({ $0.hasSameLabels(as: texts[0]) || classes($0) == first }) {
      throw .oneLabel(
        name: texts[0].labels.joined(separator: ", "), textCount: texts.count)
    }
  }
}
