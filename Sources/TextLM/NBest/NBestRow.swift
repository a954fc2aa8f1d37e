/// One hypothesis of a list.
struct NBestRow: Equatable {
  /// The list it is of; the same for all rows of a file of SRILM.
  let list: String
  /// The hypothesis.
  let text: String
  /// The number of its line.
  let line: Int
  private let format: NBestFormat
  /// Moses' fields, or SRILM's columns, as they are.
  private let fields: [String]
  /// Moses' score, or SRILM's acoustic one.
  private let score: Double

  /// Reads a row. Throws `NBestError.malformed`.
  init(_ row: String, _ format: NBestFormat, source: String, line: Int) throws(NBestError) {
    func malformed(_ problem: String) -> NBestError {
      .malformed(source: source, line: line, problem: problem)
    }
    func number(_ text: String, _ name: String) throws(NBestError) -> Double {
      guard let value = Double(text), !value.isNaN else {
        throw malformed("the \(name) is \"\(TerminalText.visible(text))\", which is no number")
      }
      return value
    }
    self.line = line
    self.format = format
    switch format {
    case .moses:
      fields = row.utf8.fields(by: "|||")
      guard fields.count >= 4 else {
        throw malformed("has \(fields.count) of the four fields between |||")
      }
      list = fields[0].utf8.trimmed
      guard !list.isEmpty else { throw malformed("has no id") }
      text = fields[1].utf8.trimmed
      score = try number(fields[3].utf8.trimmed, "score")
    case .srilm:
      fields = row.utf8.columns
      guard fields.count >= 3 else {
        throw malformed("has \(fields.count) of the three numbers before a hypothesis")
      }
      list = ""
      score = try number(fields[0], "acoustic score")
      _ = try number(fields[1], "score of the language model")
      guard let count = Int(fields[2]), count >= 0 else {
        throw malformed(
          "the number of words is \"\(TerminalText.visible(fields[2]))\", which is none")
      }
      text = fields[3...].joined(separator: " ")
    }
  }

  /// The row with what the model says of its text, which cost `nats`, and its score for an order of the
  /// list; `weight` is that of the model in it.
  ///
  /// Throws `NBestError.repeatedFeature`.
  func rescored(
    nats: Double, name: String, weight: Double?, source: String
  ) throws(NBestError) -> (row: String, score: Double) {
    switch format {
    case .moses:
      var fields = fields
      let names = fields[2].utf8.columns
      guard !names.contains(name + "="), !names.contains(name + ":") else {
        throw .repeatedFeature(source: source, line: line, name: name)
      }
      let feature = "\(name)\(names.nameMark) \(Numbers.fixed(-nats, 6)) "
      fields[2] = " " + (names.isEmpty ? "" : fields[2].utf8.trimmed + " ") + feature
      guard let weight else { return (fields.joined(separator: "|||"), score) }
      let total = score - weight * nats
      fields[3] = " " + Numbers.fixed(total, 6) + (fields.count > 4 ? " " : "")
      return (fields.joined(separator: "|||"), total)
    case .srilm:
      let logarithm = -nats.powersOfTen
      let columns = [fields[0], Numbers.fixed(logarithm, 6)] + fields[2...]
      return (columns.joined(separator: " "), score + (weight ?? 0) * logarithm)
    }
  }
}

extension [String] {
  /// What ends the names among features; in older lists it is a colon.
  fileprivate var nameMark: String {
    func anyEnds(with mark: Character) -> Bool { contains { $0.last == mark } }
    return anyEnds(with: ":") && !anyEnds(with: "=") ? ":" : "="
  }
}
