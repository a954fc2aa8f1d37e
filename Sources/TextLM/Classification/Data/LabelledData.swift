/// Texts with labels, and what was found out when they were read.
public struct LabelledData: Sendable {
  /// The texts in the order in which they were read.
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
    for text in texts { names.formUnion(text.labels.map(UTF8Key.init)) }
    labels = try LabelSet(kind: kind, names: names.map(\.text))
    self.badRows = badRows
    self.badRowCount = max(badRowCount, badRows.count)
    self.sources = sources
  }

  /// What the labels mean.
  public var kind: LabelKind { labels.kind }
}
