/// Numbers over two axes as a picture: the greater, the darker.
public struct HeatMap: Sendable, Equatable {
  /// What is shown.
  public var title: String
  /// What runs to the right.
  public var axisName: String
  /// What runs downwards.
  public var rowName: String
  /// Columns from left to right, each from top to bottom, all of one length.
  public var columns: [[Float]]
  /// What stands under each column, a character mostly; none, or as many as there are columns.
  public var columnNames: [String]
  /// What stands beside each row; none, or as many as there are rows.
  public var rowNames: [String]

  /// A picture of these parts. Requires columns of one length, and a name for each or none.
  public init(
    title: String, axisName: String, rowName: String, columns: [[Float]],
    columnNames: [String] = [], rowNames: [String] = []
  ) {
    precondition(
      columns.allSatisfy { $0.count == columns[0].count },
      "heat map: columns of \(columns.map(\.count)) numbers")
    precondition(
      [0, columns.count].contains(columnNames.count)
        && [0, columns.first?.count ?? 0].contains(rowNames.count),
      "heat map: \(columnNames.count) and \(rowNames.count) names of \(columns.count) columns")
    self.columnNames = columnNames
    self.rowNames = rowNames
    self.title = title
    self.axisName = axisName
    self.rowName = rowName
    self.columns = columns
  }

  /// Most cells along an axis; of more, the greatest of neighbours is shown.
  private static let mostCells = 160

  /// The same with no more cells than can be seen.
  var shown: [[Float]] {
    let narrower = Self.pooled(columns, to: Self.mostCells) { group in
      group[0].indices.map { row in group.reduce(-Float.infinity) { max($0, $1[row]) } }
    }
    return narrower.map { column in
      Self.pooled(column, to: Self.mostCells) { $0.reduce(-Float.infinity) { max($0, $1) } }
    }
  }

  /// At most `limit` elements, each made of neighbours that are as many as it takes.
  static func pooled<Element>(
    _ elements: [Element], to limit: Int, _ greatest: (ArraySlice<Element>) -> Element
  ) -> [Element] {
    guard elements.count > limit else { return elements }
    let size = (elements.count + limit - 1) / limit
    return stride(from: 0, to: elements.count, by: size).map {
      // Counted from 0 again, as an array's elements are.
      greatest(Array(elements[$0..<min($0 + size, elements.count)])[...])
    }
  }
}

extension SVGPlot {
  /// An element inside HTML that has `style`: a cell for each number, in the colour of the first curve.
  ///
  /// Numbers are shown as parts of the greatest; what is not finite or not above 0 stays empty.
  func element(_ map: HeatMap) -> String {
    let columns = map.shown
    let rowCount = columns.first?.count ?? 0
    let title = MarkupText.escaped(map.title)
    let (left, top) = (24.0, 28.0)
    let (across, down) = (Double(width) - left - 12, Double(height) - top - 26)
    let (cellWidth, cellHeight) = (
      across / Double(max(columns.count, 1)), down / Double(max(rowCount, 1))
    )
    let greatest = columns.joined().filter(\.isFinite).max() ?? 0
    var parts = [
      "<svg class=\"plot\" viewBox=\"0 0 \(width) \(height)\" role=\"img\" aria-label=\"\(title)\">",
      "<text class=\"title\" x=\"8\" y=\"18\">\(title)</text>",
      "<path class=\"grid\" d=\"M\(left) \(top)h\(across)v\(down)h-\(across)z\"/>",
      "<text x=\"\(width - 12)\" y=\"\(height - 4)\" text-anchor=\"end\">"
        + "\(MarkupText.escaped(map.axisName))</text>",
      "<text x=\"14\" y=\"\(top)\" text-anchor=\"end\" transform=\"rotate(-90 14 \(top))\">"
        + "\(MarkupText.escaped(map.rowName))</text>",
    ]
    // Names of more cells would lie on each other.
    if map.columnNames.count == columns.count, cellWidth >= 6 {
      for (column, name) in map.columnNames.enumerated() {
        let x = Numbers.fixed(left + (Double(column) + 0.5) * cellWidth, 2)
        parts.append(
          "<text class=\"cell\" x=\"\(x)\" y=\"\(height - 17)\" text-anchor=\"middle\">"
            + "\(MarkupText.escaped(name))</text>")
      }
    }
    if map.rowNames.count == rowCount, cellHeight >= 6 {
      for (row, name) in map.rowNames.enumerated() {
        let y = Numbers.fixed(top + (Double(row) + 0.5) * cellHeight + 3, 2)
        parts.append(
          "<text class=\"cell\" x=\"\(left - 2)\" y=\"\(y)\" text-anchor=\"end\">"
            + "\(MarkupText.escaped(name))</text>")
      }
    }
    for (column, values) in columns.enumerated() {
      for (row, value) in values.enumerated() where value > 0 && value.isFinite {
        // Below a hundredth nothing can be seen.
        let opacity = Double(value / greatest)
        guard opacity >= 0.01 else { continue }
        parts.append(
          "<rect class=\"m0\" x=\"\(Numbers.fixed(left + Double(column) * cellWidth, 2))\" y=\""
            + "\(Numbers.fixed(top + Double(row) * cellHeight, 2))\" width=\""
            + "\(Numbers.fixed(cellWidth, 2))\" height=\"\(Numbers.fixed(cellHeight, 2))\" opacity=\""
            + "\(Numbers.fixed(opacity, 2))\"/>")
      }
    }
    return (parts + ["</svg>"]).joined(separator: "\n") + "\n"
  }
}
