/// Draws plots in Unicode characters, for terminals.
public struct TextPlot: Sendable {
  /// The width of the whole, in columns.
  public let columns: Int
  /// The height of the frame, in rows; the title, the axis and the legend take four more.
  public let rows: Int
  /// Whether curves have colours.
  public let isColored: Bool

  /// The least sizes at which something can be seen.
  public static let leastColumns = 30
  /// The least sizes at which something can be seen.
  public static let leastRows = 4

  /// A way to draw; sizes below the least are raised to it.
  public init(columns: Int = 80, rows: Int = 16, isColored: Bool = false) {
    self.columns = max(columns, Self.leastColumns)
    self.rows = max(rows, Self.leastRows)
    self.isColored = isColored
  }

  /// The plot as lines of at most `columns` characters, each with a line end. Names are made
  /// harmless for a terminal.
  public func text(_ plot: Plot) -> String {
    guard !plot.isEmpty else { return "\(plot.title): nothing to show\n" }
    let vertical = plot.verticalScale(tickCount: max(2, rows / 3))
    let labels = vertical.ticks.map(vertical.label)
    let labelWidth = labels.reduce(0) { max($0, $1.count) }
    let horizontal = plot.horizontalScale(tickCount: max(2, (columns - labelWidth) / 14))
    let canvas = canvas(
      plot, horizontal, vertical, columns: columns - labelWidth - 2)
    var ticks: [Int: String] = [:]
    for (tick, label) in zip(vertical.ticks, labels) {
      ticks[Int(((1 - vertical.position(of: tick)) * Double(4 * rows - 1)).rounded()) / 4] = label
    }
    var lines = [TerminalText.neutralized(plot.title)]
    for row in 0..<rows {
      let label = ticks[row] ?? ""
      let padding = String(repeating: " ", count: labelWidth - label.count)
      lines.append(
        padding + label + (label.isEmpty ? " │" : " ┤") + canvas.text(row: row, paint: painted))
    }
    lines += axis(horizontal, named: plot.axisName, indent: labelWidth + 1, canvas.columns)
    lines.append(legend(plot, indent: labelWidth + 1))
    return lines.joined(separator: "\n") + "\n"
  }

  private func canvas(
    _ plot: Plot, _ horizontal: AxisScale, _ vertical: AxisScale, columns: Int
  ) -> BrailleCanvas {
    var canvas = BrailleCanvas(columns: columns, rows: rows)
    let curves = plot.series.map { series in
      series.points.map { PlotPoint(horizontal.position(of: $0.x), vertical.position(of: $0.y)) }
    }
    for (color, curve) in curves.enumerated() {
      if let only = curve.first, curve.count == 1 { canvas.line(only, only, color: color) }
      for (start, end) in zip(curve, curve.dropFirst()) { canvas.line(start, end, color: color) }
    }
    // On top of all lines; too close to each other they would hide the curve.
    for (color, curve) in curves.enumerated() where plot.series[color].marks != .none {
      let distance =
        plot.series[color].marks == .everywhere ? 3 / Double(columns) : 0.17
      var last = -1.0
      for point in curve where point.x - last >= distance || point == curve.last {
        if canvas.mark(point, Self.mark(color), color: color) { last = point.x }
      }
    }
    return canvas
  }

  private func axis(
    _ scale: AxisScale, named name: String, indent: Int, _ width: Int
  ) -> [String] {
    var line = [Character](repeating: "─", count: width)
    var labels = [Character](repeating: " ", count: width + 1)
    var free = 0
    // The name stands at the end, whatever is labelled there.
    let nameStart = max(0, width - name.count)
    for tick in scale.ticks {
      let column = Int((scale.position(of: tick) * Double(width - 1)).rounded())
      let label = scale.label(of: tick)
      let start = min(max(0, column - label.count / 2), width - label.count)
      line[column] = "┬"
      guard start >= free, start + label.count < nameStart else { continue }
      labels.replaceSubrange(start..<start + label.count, with: label)
      free = start + label.count + 1
    }
    labels.replaceSubrange(nameStart..<min(nameStart + name.count, width), with: name.prefix(width))
    let space = String(repeating: " ", count: indent)
    var text = String(labels)
    while text.hasSuffix(" ") { text.removeLast() }
    return [space + "└" + String(line), space + " " + text]
  }

  private func legend(_ plot: Plot, indent: Int) -> String {
    var text = String(repeating: " ", count: indent)
    var width = indent
    for (color, series) in plot.series.enumerated() {
      let name = TerminalText.neutralized(series.name)
      let mark = series.marks == .none ? "⠒⠒" : String(Character(Self.mark(color)))
      if width > indent, width + name.count + mark.count + 3 > columns {
        text += "\n" + String(repeating: " ", count: indent)
        width = indent
      }
      text += " " + painted(mark, color) + " " + name + " "
      width += name.count + mark.count + 3
    }
    while text.hasSuffix(" ") { text.removeLast() }
    return text
  }

  private static func mark(_ color: Int) -> Unicode.Scalar {
    let marks: [Unicode.Scalar] = ["●", "○", "▲", "△", "■", "□", "◆", "◇"]
    return marks[color % marks.count]
  }

  /// The character in a colour that can be read on dark and on light.
  private func painted(_ character: String, _ color: Int) -> String {
    guard isColored else { return character }
    let codes = [36, 33, 35, 32, 31, 34]
    return "\u{1B}[\(codes[color % codes.count])m\(character)\u{1B}[0m"
  }
}
