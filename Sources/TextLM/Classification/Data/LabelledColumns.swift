import TextLMTensors

/// Which columns of a table, or members of an object, have the text and the labels.
struct LabelledColumns {
  /// The place of the text, from 0 on.
  let text: Int
  /// The places of the labels; none when the label is not beside the text.
  let labels: [Int]

  /// Names of columns that are taken for the text's, in this order.
  static let textNames = [
    "text", "sentence", "review", "content", "comment", "message", "tweet", "document", "body",
    "utterance", "description", "title",
  ]
  /// Names of columns that are taken for the label's, in this order.
  static let labelNames = [
    "label", "labels", "class", "category", "sentiment", "target", "polarity", "rating", "stars",
    "score", "intent", "topic", "language", "lang", "tag", "tags",
  ]

  /// What columns are called by.
  enum Naming {
    /// The names in a table's first row, or else their numbers.
    case header
    /// Their numbers alone.
    case numbers
    /// The names of an object's members.
    case members
  }

  /// Finds the columns.
  ///
  /// What the reading names is taken. For the rest names are tried that are usual, in small letters
  /// or capitals; where only one of two columns is known the other one is it; and of two columns of
  /// which nothing is known the one with the longer fields has the text.
  ///
  /// - Parameters:
  ///   - names: The names of the columns, or their numbers where they have none.
  ///   - naming: What these are.
  ///   - lengths: The mean lengths of the columns' fields, in bytes.
  ///   - hasLabels: Whether labels are among the columns.
  init(
    _ reading: LabelledReading, names: [String], _ naming: Naming, lengths: [Double],
    hasLabels: Bool,
    path: String
  ) throws(LabelledDataError) {
    func place(_ name: String) throws(LabelledDataError) -> Int {
      try Self.place(of: name, in: names, naming, path: path)
    }
    func usual(_ known: [String]) -> Int? {
      guard naming != .numbers else { return nil }
      let lowered = names.map(Self.lowered)
      return known.lazy.compactMap { lowered.firstIndex(of: $0) }.first
    }
    var text = try reading.textColumn.map(place)
    var labels: [Int] = []
    for name in hasLabels ? reading.labelColumns : [] { labels.append(try place(name)) }
    text =
      text ?? usual(Self.textNames.filter { !labels.map { Self.lowered(names[$0]) }.contains($0) })
    if hasLabels, labels.isEmpty {
      if let label = usual(Self.labelNames), label != text { labels = [label] }
    }
    if names.count == 2, hasLabels {
      switch (text, labels.first) {
      case (nil, let label?): text = 1 - label
      case (let text?, nil): labels = [1 - text]
      case (nil, nil) where lengths[0] != lengths[1]:
        text = lengths[0] > lengths[1] ? 0 : 1
        labels = [lengths[0] > lengths[1] ? 1 : 0]
      default: break
      }
    }
    if names.count == 1, !hasLabels { text = text ?? 0 }
    guard let text else {
      throw .undecidedColumn(path: path, role: .text, columns: names)
    }
    guard !hasLabels || !labels.isEmpty else {
      throw .undecidedColumn(path: path, role: .label, columns: names)
    }
    guard !labels.contains(text), Set(labels).count == labels.count else {
      throw .settings("the same column cannot have the text and a label, or two labels")
    }
    self.text = text
    self.labels = labels
  }

  private static func place(
    of name: String, in names: [String], _ naming: Naming, path: String
  ) throws(LabelledDataError) -> Int {
    let places = names.indices.filter { UTF8Key(names[$0]) == UTF8Key(name) }
    if naming != .numbers, let place = places.first {
      guard places.count == 1 else { throw .ambiguousColumn(path: path, name: name) }
      return place
    }
    guard naming != .members, let number = Int(name), names.indices.contains(number - 1) else {
      throw .missingColumn(path: path, name: name, columns: names)
    }
    return number - 1
  }

  /// A name as it is compared with those that are usual.
  static func lowered(_ name: String) -> String { name.whiteSpaceTrimmed.lowercased() }
}
