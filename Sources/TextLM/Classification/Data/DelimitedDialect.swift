import TextLMTensors

/// What lies between the fields of a table, and whether quotes enclose them.
package struct DelimitedDialect: Equatable {
  /// The byte between two fields.
  package let delimiter: UInt8
  /// Whether a field that begins with a quote ends with one.
  package let hasQuotes: Bool

  /// A dialect.
  package init(delimiter: UInt8, hasQuotes: Bool = true) {
    self.delimiter = delimiter
    self.hasQuotes = hasQuotes
  }

  package static let comma = UInt8(ascii: ",")
  package static let semicolon = UInt8(ascii: ";")
  package static let tab = UInt8(ascii: "\t")
  /// Bytes at the start of a text that are looked at.
  private static let sampleSize = 64 << 10

  /// The delimiter in words.
  var name: String {
    switch delimiter {
    case Self.comma: "commas"
    case Self.semicolon: "semicolons"
    case Self.tab: "tabs"
    default: quotedForMessage(String(Unicode.Scalar(delimiter)))
    }
  }
}

extension DelimitedDialect {
  /// The dialect in which most rows of a text's beginning have as many fields as the first one, and
  /// which part of the rows that is: 0 where the first row has only one field.
  ///
  /// Of delimiters that do equally well the one that is rarer in prose is taken: tabs before
  /// semicolons before commas. Quotes enclose fields unless `hasQuotes` says otherwise or the fields
  /// lie between tabs, every row has the same number of them when quotes are characters like any
  /// other, and some quotes would be broken or unclosed if they were not: such files are written by
  /// programs that know no quotes.
  ///
  /// - Parameters:
  ///   - text: The beginning of the text.
  ///   - delimiters: Those to choose from, at least one.
  ///   - hasQuotes: Whether quotes enclose fields; nil to find out.
  package static func sniffed(
    _ text: [UInt8], among delimiters: [UInt8] = [tab, semicolon, comma], hasQuotes: Bool? = nil
  ) -> (dialect: DelimitedDialect, agreement: Double, rowCount: Int) {
    let sample = text.prefix(sampleSize)
    let isWhole = sample.count == text.count
    func measured(_ dialect: DelimitedDialect) -> Measured {
      var reader = DelimitedReader(dialect)
      var rows = reader.rows(in: sample)
      if isWhole, let last = reader.lastRow() { rows.append(last) }
      return Measured(dialect, rows)
    }
    var best: Measured?
    for delimiter in delimiters {
      let found = measured(DelimitedDialect(delimiter: delimiter, hasQuotes: hasQuotes ?? true))
      if found.agreement > best?.agreement ?? -1 { best = found }
      guard delimiter == tab, hasQuotes == nil else { continue }
      let plain = measured(DelimitedDialect(delimiter: delimiter, hasQuotes: false))
      if plain.agreement == 1, found.hasProblem || found.rowCount == 0, plain.rowCount > 1 {
        best = plain
      }
    }
    guard let best, best.agreement > 0 else {
      let usual = delimiters.contains(comma) ? comma : delimiters[0]
      return (DelimitedDialect(delimiter: usual, hasQuotes: hasQuotes ?? true), 0, 0)
    }
    return (best.dialect, best.agreement, best.rowCount)
  }

  /// How well a dialect fits some rows.
  private struct Measured {
    let dialect: DelimitedDialect
    let agreement: Double
    let rowCount: Int
    let hasProblem: Bool

    init(_ dialect: DelimitedDialect, _ rows: [DelimitedRow]) {
      self.dialect = dialect
      rowCount = rows.count
      hasProblem = rows.contains { $0.problem != nil }
      let fieldCount = rows.first { $0.problem == nil }?.fields.count ?? 0
      let agreeing = rows.count { $0.problem == nil && $0.fields.count == fieldCount }
      agreement = fieldCount < 2 ? 0 : Double(agreeing) / Double(rows.count)
    }
  }
}
