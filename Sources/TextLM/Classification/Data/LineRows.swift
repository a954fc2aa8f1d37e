import TextLMTensors

/// The lines of a file as labelled texts; blank ones are left out.
struct LineRows: LabelledRows {
  /// What becomes of a line.
  enum Content {
    /// It is a text, with the label that all lines of the file have.
    case text(label: String)
    /// It has its labels in it, as words that begin with `__label__`.
    case fastText
    /// It is a JSON object.
    case json(JSONRow)
  }

  private let path: String
  private var content: Content
  private let byteLimit: Int
  private var cutter: WholeLineCutter

  init(_ content: Content, path: String, byteLimit: Int = WholeLineCutter.byteLimit) {
    self.content = content
    self.path = path
    self.byteLimit = byteLimit
    cutter = WholeLineCutter(byteLimit: byteLimit)
  }

  mutating func read(_ bytes: [UInt8], into collector: inout LabelledCollector) throws {
    for line in cutter.lines(in: bytes) { try take(line, into: &collector) }
  }

  mutating func finish(into collector: inout LabelledCollector) throws {
    if let line = cutter.lastLine() { try take(line, into: &collector) }
  }

  var notices: [String] {
    switch content {
    case .text(let label): ["label \(quotedForMessage(label)), from the name"]
    case .fastText: []
    case .json(let row): row.notices
    }
  }

  private mutating func take(
    _ line: WholeLineCutter.Line, into collector: inout LabelledCollector
  ) throws(LabelledDataError) {
    let place = LabelledPlace(path: path, line: line.number)
    guard !line.isTooLong else {
      return try collector.addBad(.tooLong(limit: byteLimit), at: place)
    }
    if line.isBlank { return }
    switch content {
    case .text(let label): try collector.add(line.string, labels: [label], at: place)
    case .fastText:
      let row = FastTextLine(line.string)
      try collector.add(row.text, labels: row.labels, at: place)
    case .json(var row):
      try row.add(line.bytes, at: place, to: &collector)
      content = .json(row)
    }
  }
}
