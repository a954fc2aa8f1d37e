/// Draws a confusion matrix as SVG: a row for each label that texts have, a column for each that they got.
///
/// A cell is the stronger, the greater its part of the texts of its row, in one colour where they got what
/// they have and in another beside it. Of many labels cells become small, and counts and names that
/// have no room are left to what appears under a pointer.
struct ConfusionDrawing {
  private let matrix: ConfusionMatrix
  private let names: [String]
  private let shownNames: [String]
  /// The side of a cell, in units of the picture as all lengths here.
  private let cellSize: Double
  /// The room for a name.
  private let nameLength: Double

  /// A way to draw a matrix of labels with these names.
  init(_ matrix: ConfusionMatrix, names: [String]) {
    self.matrix = matrix
    self.names = names
    let visible = names.map(TerminalText.visible)
    switch names.count {
    case ...4: cellSize = 88
    case ...10: cellSize = 44
    case ...40: cellSize = 30
    default: cellSize = max(4, 1200 / Double(names.count))
    }
    shownNames = cellSize >= Self.leastNamedCell ? visible.map(Self.shortened) : []
    nameLength = shownNames.reduce(0) { max($0, Self.length(of: $1)) }
  }

  /// Beside those of plots; `matrix` is for the figure, in which a large picture is moved instead of
  /// becoming too small to read.
  static let rules = """
    .plot .count{fill:var(--ink);text-anchor:middle}\
    .matrix{overflow-x:auto}\
    .matrix svg{margin:0 auto}
    """

  /// Whether the picture needs the width of the page.
  var isWide: Bool { width > 520 }

  /// An element inside HTML that has `rules` and those of plots.
  var element: String {
    let size = (Numbers.fixed(width, 0), Numbers.fixed(height, 0))
    // As large as it is, and no smaller than can be read.
    let least = Numbers.fixed(isWide ? width * 0.8 : min(width, 300), 0)
    let parts =
      [
        "<svg class=\"plot\" viewBox=\"0 0 \(size.0) \(size.1)\" role=\"img\" "
          + "style=\"max-width:\(size.0)px;min-width:\(least)px\" aria-label=\"\(Self.title)\">",
        "<text class=\"title\" x=\"8\" y=\"18\">\(Self.title)</text>",
        "<text x=\"\(number(left))\" y=\"38\">got</text>",
        "<text x=\"16\" y=\"\(number(top))\" text-anchor=\"end\" "
          + "transform=\"rotate(-90 16 \(number(top)))\">true</text>",
      ] + nameElements + cellElements + [grid, "</svg>"]
    return parts.joined(separator: "\n") + "\n"
  }

  private static let title = "Confusion matrix"

  private var areNamesTurned: Bool { nameLength > cellSize - 6 }
  private var left: Double { 24 + nameLength + (shownNames.isEmpty ? 0 : 6) }
  private var top: Double {
    46 + (shownNames.isEmpty ? 0 : areNamesTurned ? nameLength + 6 : 18)
  }
  private var extent: Double { cellSize * Double(names.count) }
  private var width: Double { max(left + extent + 12, 160) }
  private var height: Double { top + extent + 12 }

  private var nameElements: [String] {
    shownNames.enumerated().flatMap { index, name in
      let (name, middle) = (MarkupText.escaped(name), (Double(index) + 0.5) * cellSize)
      let (x, y) = (number(left + middle + (areNamesTurned ? 4 : 0)), number(top - 6))
      let turn = areNamesTurned ? "transform=\"rotate(-90 \(x) \(y))\"" : "text-anchor=\"middle\""
      return [
        "<text x=\"\(x)\" y=\"\(y)\" \(turn)>\(name)</text>",
        "<text x=\"\(number(left - 6))\" y=\"\(number(top + middle + 4))\" text-anchor=\"end\">"
          + "\(name)</text>",
      ]
    }
  }

  private var cellElements: [String] {
    let rows = zip(matrix.counts, matrix.trueCounts).enumerated()
    return rows.flatMap { truth, row in
      let (counts, trueCount) = row
      return counts.enumerated().filter { $0.element > 0 }.map { told, count in
        cell(truth, told, count, part: Double(count) / Double(trueCount))
      }
    }
  }

  private func cell(_ truth: Int, _ told: Int, _ count: Int, part: Double) -> String {
    let (x, y) = (left + Double(told) * cellSize, top + Double(truth) * cellSize)
    let opacity = Numbers.fixed(0.08 + 0.52 * part, 2)
    let size = number(cellSize)
    let texts = "\(Numbers.grouped(count)) \(count == 1 ? "text" : "texts")"
    let words = "\(texts) of “\(names[truth])” got “\(names[told])”"
    var element =
      "<g><title>\(MarkupText.escaped(words))</title><rect class=\"m\(truth == told ? 0 : 1)\" "
      + "x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(size)\" height=\"\(size)\" "
      + "opacity=\"\(opacity)\"/>"
    if let (label, fontSize) = label(of: count) {
      element +=
        "<text class=\"count\" x=\"\(number(x + cellSize / 2))\" "
        + "y=\"\(number(y + cellSize / 2 + fontSize * 0.36))\" "
        + "font-size=\"\(number(fontSize))\">\(label)</text>"
    }
    return element + "</g>"
  }

  /// A count as it fits into a cell, and in which size; nil where it does not.
  private func label(of count: Int) -> (text: String, fontSize: Double)? {
    let text = count < 100_000 ? "\(count)" : "\(count / 1000)k"
    // Digits are about 0.6 of their size wide.
    let fontSize = min(14, (cellSize - 4) / (0.6 * Double(text.count)))
    return fontSize >= 8 && cellSize >= Self.leastNamedCell ? (text, fontSize) : nil
  }

  private var grid: String {
    let lines = (0...names.count).map { index -> String in
      let place = Double(index) * cellSize
      return "M\(number(left)) \(number(top + place))h\(number(extent))"
        + "M\(number(left + place)) \(number(top))v\(number(extent))"
    }
    return "<path class=\"grid\" d=\"\(lines.joined())\"/>"
  }

  private func number(_ value: Double) -> String { Numbers.fixed(value, 1) }

  /// The beginning of a long name.
  private static func shortened(_ name: String) -> String {
    guard length(of: name) > longestName else { return name }
    var beginning = ""
    for character in name {
      let longer = beginning + String(character)
      if length(of: longer) > longestName - 10 { break }
      beginning = longer
    }
    return beginning + "…"
  }

  private static let longestName = 130.0
  /// Beside smaller cells names would lie on each other, and in them counts could not be read.
  private static let leastNamedCell = 12.0

  /// How long a text is drawn, about: letters of this size are some 7.2 wide, those of East Asia 13.
  private static func length(of text: String) -> Double {
    text.unicodeScalars.reduce(0) { $0 + ($1.value < 0x1100 ? 7.2 : 13) }
  }
}
