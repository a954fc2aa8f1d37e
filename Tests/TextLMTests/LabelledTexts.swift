import TextLM

/// Labelled texts for tests.
enum LabelledTexts {
  /// Data of texts and their labels, where the line is the number of the text.
  static func data(
    _ texts: [(text: String, labels: [String])], kind: LabelKind = .single
  ) throws -> LabelledData {
    try LabelledData(
      texts: texts.enumerated().map {
        LabelledText(
          text: $1.text, labels: $1.labels, place: LabelledPlace(path: "x", line: $0 + 1))
      }, kind: kind)
  }

  /// So many different texts of each label: `a 0`, `a 1`, ..., `b 0`, ...
  static func data(counts: [(label: String, count: Int)]) throws -> LabelledData {
    try data(
      counts.flatMap { label, count in (0..<count).map { ("\(label) \($0)", [label]) } })
  }

  /// What is read of a file with this name and content.
  static func read(
    _ content: String, name: String = "x.csv", _ set: (inout LabelledReading) -> Void = { _ in }
  ) throws -> LabelledData {
    try read([(name, content)], set)
  }

  /// What is read of several files.
  static func read(
    _ files: [(name: String, content: String)], _ set: (inout LabelledReading) -> Void = { _ in }
  ) throws -> LabelledData {
    var reading = LabelledReading()
    set(&reading)
    return try reading.read(
      files.map { try CorpusFile(bytes: Array($0.content.utf8), name: $0.name, source: $0.name) })
  }
}

extension LabelledData {
  /// Each text with its labels, joined by a plus sign.
  var rows: [[String]] { texts.map { [$0.text, $0.labels.joined(separator: "+")] } }
  /// The lines in which texts begin.
  var lines: [Int] { texts.map(\.place.line) }
  /// The bad rows as messages name them.
  var badRowTexts: [String] { badRows.map(\.description) }
}
