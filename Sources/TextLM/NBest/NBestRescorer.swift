/// Adds what a model says to lists of hypotheses, of a translation or of what was heard.
///
/// Each hypothesis is measured as a line by itself. In Moses' lists its log-probability, to the base e,
/// becomes one more feature; in SRILM's, to the base 10, it takes the place of the language model's score.
/// Rows are given back as they were but for that; a list is put in order where its best are asked for.
public struct NBestRescorer {
  /// What is done with the model's log-probability.
  public struct Rules: Sendable, Equatable {
    /// The name of the feature in Moses' lists.
    public var name: String
    /// Its part in the score: what is added for each nat or, in SRILM's lists, each power of ten. Without
    /// one, the scores of Moses' lists stay as they are.
    public var weight: Double?
    /// How many rows of each list are kept, the best first; without it all, in their order.
    public var keptCount: Int?

    /// Rules; by default nothing but the feature `TextLM0` is added.
    public init(name: String = "TextLM0", weight: Double? = nil, keptCount: Int? = nil) {
      self.name = name
      self.weight = weight
      self.keptCount = keptCount
    }
  }

  private let scorer: LineScorer
  private let rules: Rules
  private let source: String
  private var format: NBestFormat?
  private var rows: [NBestRow] = []
  /// The lists that have begun, the last one last.
  private var lists: Set<String> = []
  private var list: String?

  /// A rescorer of lists that errors call `source`.
  public init(_ scorer: LineScorer, _ rules: Rules = Rules(), source: String) {
    self.scorer = scorer
    self.rules = rules
    self.source = source
  }

  /// Takes the next rows; returns those of the lists that have come to their end, rescored, without line
  /// ends.
  ///
  /// Throws `NBestError` for a row that is none.
  public mutating func add(_ lines: [LinePiece]) throws(NBestError) -> [String] {
    for line in lines { try add(line) }
    guard rules.keptCount != nil else { return try finish() }
    let complete = rows.prefix { $0.list != list }
    rows.removeFirst(complete.count)
    return try rescored(Array(complete))
  }

  /// The rows of the last list.
  public mutating func finish() throws(NBestError) -> [String] {
    defer { rows = [] }
    return try rescored(rows)
  }

  private mutating func add(_ line: LinePiece) throws(NBestError) {
    guard line.beginsLine, line.endsLine else {
      throw .malformed(source: source, line: line.number, problem: "is too long for a row")
    }
    guard let text = String(validating: line.bytes, as: UTF8.self) else {
      throw .malformed(source: source, line: line.number, problem: "is no UTF-8")
    }
    let row = text.utf8.withoutLineEnd
    if line.number == 1, ["NBestList1.0", "NBestList2.0"].contains(row) {
      throw .decipher(source: source, header: row)
    }
    let format = format ?? NBestFormat(of: row)
    self.format = format
    if format == .srilm, rules.weight != nil, rules.keptCount == nil {
      throw .weightWithoutOrder(source: source)
    }
    let parsed = try NBestRow(row, format, source: source, line: line.number)
    if parsed.list != list {
      guard lists.insert(parsed.list).inserted else {
        throw .repeatedList(source: source, line: line.number, id: parsed.list)
      }
      list = parsed.list
    }
    rows.append(parsed)
  }

  /// Whole lists, one after another.
  private func rescored(_ rows: [NBestRow]) throws(NBestError) -> [String] {
    let costs = scorer.scores(rows.map { UTF8Text($0.text + "\n") })
    var results: [(list: String, row: String, score: Double)] = []
    for (row, cost) in zip(rows, costs) {
      let (text, score) = try row.rescored(
        nats: cost.totalNats, name: rules.name, weight: rules.weight, source: source)
      results.append((row.list, text, score))
    }
    guard let keptCount = rules.keptCount else { return results.map(\.row) }
    var kept: [String] = []
    var rest = results[...]
    while let list = rest.first?.list {
      let own = rest.prefix { $0.list == list }
      rest = rest[own.endIndex...]
      // Of equal scores the first stays first.
      let ranked = own.enumerated().sorted {
        ($1.element.score, $0.offset) < ($0.element.score, $1.offset)
      }
      kept += ranked.prefix(keptCount).map(\.element.row)
    }
    return kept
  }
}

extension String.UTF8View {
  /// A line without its line feed, and without the carriage return of Windows before it.
  fileprivate var withoutLineEnd: String {
    var bytes = Array(self)
    if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
    if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }
}
