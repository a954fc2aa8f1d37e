import TextLMTensors

/// The rows of a table as labelled texts.
struct TableRows: LabelledRows {
  /// Rows that are looked at before the columns are decided on.
  private static let sampleRowCount = 100
  private static let sampleByteCount = 1 << 20

  private let reading: LabelledReading
  private let path: String
  /// The label of all rows, when it is not among the columns.
  private let label: String?
  private let dialect: DelimitedDialect
  private var reader: DelimitedReader
  private var waiting: [DelimitedRow] = []
  private var waitingByteCount = 0
  private var columns: LabelledColumns?
  private var names: [String] = []
  private var hasHeader = false

  init(_ reading: LabelledReading, _ dialect: DelimitedDialect, path: String, label: String?) {
    self.reading = reading
    self.dialect = dialect
    self.path = path
    self.label = label
    reader = DelimitedReader(dialect)
  }

  mutating func read(_ bytes: [UInt8], into collector: inout LabelledCollector) throws {
    for row in reader.rows(in: bytes) { try take(row, into: &collector) }
  }

  mutating func finish(into collector: inout LabelledCollector) throws {
    if let row = reader.lastRow() { try take(row, into: &collector) }
    if columns == nil { try decide(into: &collector) }
  }

  var notices: [String] {
    guard let columns else { return [] }
    func place(_ index: Int) -> String {
      hasHeader ? quotedForMessage(names[index]) : "column \(index + 1)"
    }
    let labels = columns.labels.map(place).joined(separator: ", ")
    return [
      "fields between \(dialect.name)" + (dialect.hasQuotes ? "" : ", quotes are characters"),
      hasHeader ? "the first row names the columns" : "no row names the columns",
      "text in \(place(columns.text))", labels.isEmpty ? "" : "label in \(labels)",
    ].filter { !$0.isEmpty }
  }

  private mutating func take(
    _ row: DelimitedRow, into collector: inout LabelledCollector
  ) throws(LabelledDataError) {
    guard let columns else {
      waiting.append(row)
      waitingByteCount += row.fields.reduce(0) { $0 + $1.utf8.count }
      if waiting.count >= Self.sampleRowCount || waitingByteCount >= Self.sampleByteCount {
        try decide(into: &collector)
      }
      return
    }
    try add(row, columns, to: &collector)
  }

  /// Decides which columns have the text and the labels, and takes the rows that waited for it.
  private mutating func decide(into collector: inout LabelledCollector) throws(LabelledDataError) {
    let rows = waiting
    waiting = []
    let sound = rows.filter { $0.problem == nil }
    guard let first = sound.first else {
      for row in rows {
        if let problem = row.problem { try collector.addBad(problem, at: place(row)) }
      }
      return
    }
    let asked = [reading.textColumn].compactMap { $0 } + (label == nil ? reading.labelColumns : [])
    hasHeader =
      switch reading.header {
      case .present: true
      case .absent: false
      case .automatic: asked.contains { Int($0) == nil } || TableHeader.isPresent(in: sound)
      }
    names =
      hasHeader
      ? first.fields.map(\.whiteSpaceTrimmed) : first.fields.indices.map { String($0 + 1) }
    let data = hasHeader ? sound.dropFirst() : sound[...]
    let lengths = names.indices.map { index in
      let sizes = data.compactMap { $0.fields.indices.contains(index) ? $0.fields[index] : nil }
      return Double(sizes.reduce(0) { $0 + $1.utf8.count }) / Double(max(1, sizes.count))
    }
    let found = try LabelledColumns(
      reading, names: names, hasHeader ? .header : .numbers, lengths: lengths,
      hasLabels: label == nil,
      path: path)
    columns = found
    for row in rows where !hasHeader || row.line != first.line {
      try add(row, found, to: &collector)
    }
  }

  private func add(
    _ row: DelimitedRow, _ columns: LabelledColumns, to collector: inout LabelledCollector
  ) throws(LabelledDataError) {
    if let problem = row.problem { return try collector.addBad(problem, at: place(row)) }
    let fields = row.fields
    for index in [columns.text] + columns.labels where index >= fields.count {
      let name = hasHeader ? "column \(quotedForMessage(names[index]))" : "column \(index + 1)"
      return try collector.addBad(.missingColumn(name), at: place(row))
    }
    if fields.dropFirst(names.count).contains(where: { !$0.isBlank }) {
      let reason = BadRowReason.surplusFields(found: fields.count, expected: names.count)
      return try collector.addBad(reason, at: place(row))
    }
    let labels = label.map { [$0] } ?? columns.labels.flatMap { reading.labels(in: fields[$0]) }
    // A cell that is there and empty says that there is no label.
    try collector.add(
      fields[columns.text], labels: labels, at: place(row), isExplicit: label == nil)
  }

  private func place(_ row: DelimitedRow) -> LabelledPlace {
    LabelledPlace(path: path, line: row.line)
  }
}
