/// Draws plots as SVG, in colours that follow the reader's preference for light or dark.
public struct SVGPlot: Sendable {
  /// Width in units of its own, one pixel each at its natural size.
  public let width: Int
  /// Height in the same units.
  public let height: Int

  /// The least sizes at which something can be seen.
  public static let leastWidth = 200
  /// The least sizes at which something can be seen.
  public static let leastHeight = 120

  /// A way to draw; sizes below the least are raised to it.
  public init(width: Int = 480, height: Int = 300) {
    self.width = max(width, Self.leastWidth)
    self.height = max(height, Self.leastHeight)
  }

  /// A file of its own, with its colours.
  public func document(_ plot: Plot) -> String {
    element(plot, attributes: " xmlns=\"http://www.w3.org/2000/svg\"", style: Self.style)
  }

  /// An element inside HTML that has `style`.
  func element(_ plot: Plot) -> String {
    element(plot, attributes: "", style: nil)
  }

  /// The colours: variables that differ between light and dark, and what has them.
  static let style: String = {
    func variables(_ colors: [String]) -> String {
      let names = ["ink", "soft", "line", "paper"] + (0..<colors.count - 4).map { "c\($0)" }
      return zip(names, colors).map { "--\($0):\($1)" }.joined(separator: ";")
    }
    let light = [
      "#1b1f24", "#59636e", "#d4d9df", "#ffffff", "#1f6fb4", "#c2500a", "#7b3fa0", "#1a7f4b",
      "#b8263b", "#0a7680",
    ]
    let dark = [
      "#e8ebef", "#9aa4b0", "#39414b", "#14181d", "#6cb6ff", "#ffa657", "#d2a8ff", "#56d39b",
      "#ff8b98", "#4fd1d9",
    ]
    var rules =
      ":root{color-scheme:light dark;\(variables(light))}"
      + "@media(prefers-color-scheme:dark){:root{\(variables(dark))}}"
      + ".plot{background:var(--paper);font:13px system-ui,sans-serif}.plot text{fill:var(--soft)}"
      + ".plot .title{fill:var(--ink);font-weight:600}.plot .cell{font-size:9px}.plot .grid{stroke:var(--line);fill:none}"
      + ".plot .curve{fill:none;stroke-width:1.8;stroke-linejoin:round}"
    for index in 0..<6 {
      rules += ".plot .s\(index){stroke:var(--c\(index))}.plot .m\(index){fill:var(--c\(index))}"
    }
    return rules
  }()

  private func element(_ plot: Plot, attributes: String, style: String?) -> String {
    let title = MarkupText.escaped(plot.title)
    let legend = legend(plot)
    let names = plot.series.map { MarkupText.escaped($0.name) }.joined(separator: ", ")
    var parts = [
      "<svg class=\"plot\"\(attributes) viewBox=\"0 0 \(width) \(height)\" role=\"img\" "
        + "aria-label=\"\(title): \(names)\">",
      "<text class=\"title\" x=\"8\" y=\"18\">\(title)</text>",
    ]
    if let style { parts.insert("<style>\(style)</style>", at: 1) }
    if plot.isEmpty {
      parts.append("<text x=\"8\" y=\"42\">nothing to show yet</text>")
    } else {
      parts += legend.parts
      parts += frame(plot, top: legend.bottom)
    }
    return (parts + ["</svg>"]).joined(separator: "\n") + "\n"
  }

  /// The names of the curves in their colours, in as many lines as they take.
  private func legend(_ plot: Plot) -> (parts: [String], bottom: Double) {
    var (x, y) = (8.0, 38.0)
    var parts: [String] = []
    for (index, series) in plot.series.enumerated() {
      // Letters of this size are about 7 wide; an estimate is enough to keep names apart.
      let length = 26 + 7.2 * Double(series.name.count)
      if x > 8, x + length > Double(width) { (x, y) = (8, y + 18) }
      parts.append(
        "<path class=\"curve s\(index % 6)\" d=\"M\(number(x)) \(number(y - 4))h16\"/>"
          + "<text x=\"\(number(x + 21))\" y=\"\(number(y))\">"
          + "\(MarkupText.escaped(series.name))</text>")
      x += length + 10
    }
    return (parts, y + 12)
  }

  private func frame(_ plot: Plot, top: Double) -> [String] {
    let (left, right) = (52.0, Double(width) - 12)
    let bottom = Double(height) - 40
    let vertical = plot.verticalScale(tickCount: max(2, Int(bottom - top) / 45))
    let horizontal = plot.horizontalScale(tickCount: max(2, Int(right - left) / 75))
    func place(_ point: PlotPoint) -> PlotPoint {
      PlotPoint(
        left + horizontal.position(of: point.x) * (right - left),
        bottom - vertical.position(of: point.y) * (bottom - top))
    }
    var parts: [String] = []
    for tick in vertical.ticks {
      let y = number(bottom - vertical.position(of: tick) * (bottom - top))
      parts.append(
        "<path class=\"grid\" d=\"M\(number(left)) \(y)H\(number(right))\"/><text x=\""
          + "\(number(left - 6))\" y=\"\(y)\" dy=\"4\" text-anchor=\"end\">"
          + "\(vertical.label(of: tick))</text>")
    }
    for tick in horizontal.ticks {
      let x = left + horizontal.position(of: tick) * (right - left)
      // A label at the right edge would leave the picture.
      let anchor = x > right - 20 ? "end" : "middle"
      parts.append(
        "<text x=\"\(number(x))\" y=\"\(number(bottom + 17))\" text-anchor=\"\(anchor)\">"
          + "\(horizontal.label(of: tick))</text>")
    }
    parts.append(
      "<text x=\"\(number(right))\" y=\"\(number(bottom + 34))\" text-anchor=\"end\">"
        + "\(MarkupText.escaped(plot.axisName))</text>")
    // A frame of its own cuts off what is beyond it, but not the half of a mark at its edge.
    let (clipLeft, clipWidth) = (number(left - 4), number(right - left + 8))
    let (clipTop, clipHeight) = (number(top - 4), number(bottom - top + 8))
    parts.append(
      "<svg x=\"\(clipLeft)\" y=\"\(clipTop)\" width=\"\(clipWidth)\" height=\"\(clipHeight)\" "
        + "viewBox=\"\(clipLeft) \(clipTop) \(clipWidth) \(clipHeight)\">")
    for (index, series) in plot.series.enumerated() {
      parts.append(curve(series.points.map(place), color: index % 6))
      guard series.marks == .everywhere, series.points.count <= 200 else { continue }
      for point in series.points {
        let center = place(point)
        parts.append(
          "<circle class=\"m\(index % 6)\" cx=\"\(number(center.x))\" cy=\"\(number(center.y))\" "
            + "r=\"2.6\"><title>\(MarkupText.escaped(plot.axisName)) "
            + "\(Numbers.fixed(point.x, horizontal.upper < 10 ? 2 : 0)): "
            + "\(Numbers.fixed(point.y, 4))</title></circle>")
      }
    }
    return parts + ["</svg>"]
  }

  private func curve(_ points: [PlotPoint], color: Int) -> String {
    let places = points.map { "\(number($0.x)) \(number(min(max($0.y, -9999), 9999)))" }
    return "<path class=\"curve s\(color)\" d=\"M\(places.joined(separator: "L"))\"/>"
  }

  private func number(_ value: Double) -> String {
    Numbers.fixed(value, 1)
  }
}
