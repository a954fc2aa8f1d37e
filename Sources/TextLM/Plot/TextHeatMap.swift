/// Draws heat maps in characters, for terminals.
///
/// A cell for each number, `·░▒▓█` from a twentieth of the greatest on; of more columns or rows than
/// there is room for, the greatest of neighbours is shown. Over the columns stand their names where they
/// are of one column each.
public struct TextHeatMap: Sendable {
  /// The width of the whole.
  public let columns: Int
  /// The most rows of cells.
  public let rows: Int

  /// A way to draw; sizes below 20 columns and 4 rows are raised to these.
  public init(columns: Int = 80, rows: Int = 24) {
    self.columns = max(20, columns)
    self.rows = max(4, rows)
  }

  /// The map as lines, each with its end. Names are made harmless for a terminal.
  public func text(_ map: HeatMap) throws(TextError) -> String {
    let width = try DisplayWidth()
    let names = map.columnNames.map { width.standingAlone(TerminalText.visible($0)) }
    let isNamed =
      names.count == map.columns.count && names.count <= columns - 2
      && names.allSatisfy { width.columns(of: $0) == 1 }
    let cells = HeatMap.pooled(map.columns, to: columns - 2) { group in
      group[0].indices.map { row in group.reduce(-Float.infinity) { max($0, $1[row]) } }
    }.map { column in
      HeatMap.pooled(column, to: rows) { $0.reduce(-Float.infinity) { max($0, $1) } }
    }
    let greatest = map.columns.joined().filter(\.isFinite).max() ?? 0
    var lines = [
      "\(TerminalText.visible(map.title)): \(map.axisName) to the right, \(map.rowName) downwards"
    ]
    if isNamed { lines.append("  " + names.joined()) }
    for row in 0..<(cells.first?.count ?? 0) {
      let marks = cells.map { Self.mark($0[row], greatest: greatest) }.joined()
      lines.append(Self.trimmed("│ " + marks))
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private static func trimmed(_ line: String) -> String {
    String(line.reversed().drop { $0 == " " }.reversed())
  }

  private static func mark(_ value: Float, greatest: Float) -> String {
    let part = greatest > 0 && value.isFinite ? value / greatest : 0
    switch part {
    case ..<0.05: return " "
    case ..<0.2: return "·"
    case ..<0.4: return "░"
    case ..<0.6: return "▒"
    case ..<0.8: return "▓"
    default: return "█"
    }
  }
}
