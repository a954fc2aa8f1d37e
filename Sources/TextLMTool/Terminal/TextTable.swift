/// Rows of short texts in columns, for people to read.
enum TextTable {
  /// A line for each row, every column as wide as its widest cell, and aligned on the right but for
  /// those in `left`.
  static func lines(_ rows: [[String]], left: Set<Int> = []) -> [String] {
    let columns = rows.reduce(0) { max($0, $1.count) }
    let widths = (0..<columns).map { column in
      rows.reduce(0) { max($0, column < $1.count ? $1[column].count : 0) }
    }
    return rows.map { row in
      let cells = row.enumerated().map { column, cell in
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        return left.contains(column) ? cell + padding : padding + cell
      }
      let line = cells.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }
}
