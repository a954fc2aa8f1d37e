import TextLMTensors

/// Takes the texts and the bad rows as they are read.
struct LabelledCollector {
  private let kind: LabelKind
  private let isStrict: Bool
  private let badRowLimit: Int
  private(set) var texts: [LabelledText] = []
  private(set) var badRows: [BadRow] = []
  private(set) var badRowCount = 0
  /// Labels that were there, so that a million texts do not hold a million copies of them.
  private var known: [UTF8Key: [String]] = [:]
  private static let knownLimit = 1 << 12

  init(_ reading: LabelledReading) {
    kind = reading.kind
    isStrict = reading.isStrict
    badRowLimit = reading.badRowLimit
  }

  /// Adds a text, or counts its row as bad.
  ///
  /// White space around labels is left away, and labels of nothing else are none.
  ///
  /// - Parameter isExplicit: Whether no label at all is a statement, where texts have several.
  /// - Throws: `LabelledDataError.badRow` when no row may be left out.
  mutating func add(
    _ text: String, labels: [String], at place: LabelledPlace, isExplicit: Bool = false
  ) throws(LabelledDataError) {
    let trimmed = labels.map(\.whiteSpaceTrimmed)
    let names = trimmed.filter { !$0.utf8.isEmpty }
    let row = LabelledText(text: text, labels: shared(names), place: place)
    if let reason = problem(of: row, isLabelBlank: names.count < trimmed.count, isExplicit) {
      try addBad(reason, at: place)
    } else {
      texts.append(row)
    }
  }

  /// Counts a row that cannot be read.
  mutating func addBad(
    _ reason: BadRowReason, at place: LabelledPlace
  ) throws(LabelledDataError) {
    let row = BadRow(place: place, reason: reason)
    if isStrict { throw .badRow(row) }
    badRowCount += 1
    if badRows.count < badRowLimit { badRows.append(row) }
  }

  /// Everything that was taken.
  func data(of sources: [LabelledSource]) throws(LabelledDataError) -> LabelledData {
    try LabelledData(
      texts: texts, kind: kind, badRows: badRows, badRowCount: badRowCount, sources: sources)
  }

  /// The same labels, in the memory of those that were there before.
  private mutating func shared(_ names: [String]) -> [String] {
    guard names.count == 1 else { return names }
    let key = UTF8Key(names[0])
    if let labels = known[key] { return labels }
    if known.count < Self.knownLimit { known[key] = names }
    return names
  }

  private func problem(
    of row: LabelledText, isLabelBlank: Bool, _ isExplicit: Bool
  ) -> BadRowReason? {
    if row.text.isBlank { return .emptyText }
    switch kind {
    case .single, .ordinal:
      guard row.labels.count == 1 else {
        return row.labels.isEmpty && isLabelBlank ? .emptyLabel : .labelCount(row.labels.count)
      }
      if kind == .ordinal, LabelSet.number(row.labels[0]) == nil { return .noNumber(row.labels[0]) }
      return nil
    case .multiple:
      guard row.labels.isEmpty, !isExplicit else { return nil }
      return isLabelBlank ? .emptyLabel : .labelCount(0)
    }
  }
}
