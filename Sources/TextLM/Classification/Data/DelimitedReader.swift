/// Cuts text into rows and fields (RFC 4180), in portions of any size.
///
/// A row ends with a line feed, in front of which one carriage return is left away, and a field with
/// the delimiter. A field that begins with a quote ends with the next one that is not followed by
/// another, and may hold delimiters and line ends; two quotes in it are one. A quote elsewhere is a
/// character like any other. Empty lines are no rows. Reference: Yakov Shafranovich, "Common Format
/// and MIME Type for Comma-Separated Values (CSV) Files", RFC 4180, 2005.
package struct DelimitedReader {
  /// The most bytes of a row that are held; what is longer is no table.
  package static let rowByteLimit = 64 << 20
  /// The most fields of a row that are held.
  package static let fieldLimit = 1 << 16

  private enum State {
    case fieldStart, plain, quoted
    /// Behind a quote within quotes, which ends the field unless another quote follows.
    case quoteSeen
    /// Behind such a quote and a carriage return.
    case returnSeen
    /// In a row that is broken, up to its line end.
    case skipping
  }

  private static let quote = UInt8(ascii: "\"")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  private let delimiter: UInt8
  private let hasQuotes: Bool
  private let byteLimit: Int
  private var state = State.fieldStart
  private var fields: [String] = []
  private var field: [UInt8] = []
  private var hasQuotedField = false
  private var problem: BadRowReason?
  private var byteCount = 0
  private var line = 1
  private var rowLine = 1

  /// A reader at the beginning of a text.
  package init(_ dialect: DelimitedDialect, rowByteLimit: Int = Self.rowByteLimit) {
    delimiter = dialect.delimiter
    hasQuotes = dialect.hasQuotes
    byteLimit = rowByteLimit
  }

  /// The rows that end in the next portion of the text.
  package mutating func rows(in bytes: some RandomAccessCollection<UInt8>) -> [DelimitedRow] {
    let portion = Array(bytes)
    let text = portion.span
    var rows: [DelimitedRow] = []
    var index = 0
    while index < text.count {
      let byte = text[index]
      switch state {
      case .fieldStart:
        if hasQuotes, byte == Self.quote {
          hasQuotedField = true
          state = .quoted
          index += 1
        } else {
          state = .plain
        }
      case .plain:
        let start = index
        while index < text.count, text[index] != delimiter, text[index] != Self.lineFeed {
          index += 1
        }
        append(portion[start..<index])
        if index < text.count {
          if text[index] == Self.lineFeed {
            if field.last == Self.carriageReturn { field.removeLast() }
            endRow(into: &rows)
          } else {
            endField()
          }
          index += 1
        }
      case .quoted:
        let start = index
        while index < text.count, text[index] != Self.quote {
          if text[index] == Self.lineFeed { line += 1 }
          index += 1
        }
        append(portion[start..<index])
        if index < text.count {
          state = .quoteSeen
          index += 1
        }
      case .quoteSeen:
        switch byte {
        case Self.quote:
          append(portion[index...index])
          state = .quoted
        case delimiter: endField()
        case Self.lineFeed: endRow(into: &rows)
        case Self.carriageReturn: state = .returnSeen
        default:
          problem = .brokenQuotes
          state = .skipping
        }
        index += 1
      case .returnSeen:
        if byte == Self.lineFeed {
          endRow(into: &rows)
          index += 1
        } else {
          problem = .brokenQuotes
          state = .skipping
        }
      case .skipping:
        while index < text.count, text[index] != Self.lineFeed { index += 1 }
        if index < text.count {
          endRow(into: &rows)
          index += 1
        }
      }
    }
    return rows
  }

  /// The last row, when no line end follows it.
  package mutating func lastRow() -> DelimitedRow? {
    if state == .quoted {
      let isAtLineStart = field.last == Self.lineFeed
      problem = .unclosedQuote(lineCount: line - rowLine - (isAtLineStart ? 1 : 0))
    }
    if state == .plain, field.last == Self.carriageReturn { field.removeLast() }
    guard state != .fieldStart || !fields.isEmpty || problem != nil else { return nil }
    var rows: [DelimitedRow] = []
    endRow(into: &rows)
    return rows.first
  }

  private mutating func append(_ bytes: ArraySlice<UInt8>) {
    byteCount += bytes.count
    if byteCount > byteLimit { problem = problem ?? .tooLong(limit: byteLimit) }
    if problem == nil {
      field += bytes
    } else {
      field = []
      fields = []
    }
  }

  private mutating func endField() {
    if fields.count == Self.fieldLimit {
      problem = problem ?? .tooManyFields(limit: Self.fieldLimit)
    }
    if problem == nil { fields.append(String(decoding: field, as: UTF8.self)) }
    field.removeAll(keepingCapacity: true)
    state = .fieldStart
  }

  private mutating func endRow(into rows: inout [DelimitedRow]) {
    endField()
    if let problem {
      rows.append(DelimitedRow(line: rowLine, fields: [], problem: problem))
    } else if fields.count > 1 || !fields[0].utf8.isEmpty || hasQuotedField {
      rows.append(DelimitedRow(line: rowLine, fields: fields, problem: nil))
    }
    fields = []
    hasQuotedField = false
    problem = nil
    byteCount = 0
    line += 1
    rowLine = line
  }
}
