/// Cells of a terminal with 2 x 4 dots each, in the colours of curves.
struct BrailleCanvas {
  let columns: Int
  let rows: Int
  private var dots: [UInt8]
  private var marks: [Unicode.Scalar?]
  private var colors: [Int?]

  init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
    dots = [UInt8](repeating: 0, count: columns * rows)
    marks = [Unicode.Scalar?](repeating: nil, count: columns * rows)
    colors = [Int?](repeating: nil, count: columns * rows)
  }

  /// Draws a line between two places, given as parts of the width and of the height, from the left
  /// and from below. What is above or below the canvas is left out.
  mutating func line(_ start: PlotPoint, _ end: PlotPoint, color: Int) {
    // The part of the line that is within the height.
    var (from, to) = (0.0, 1.0)
    let rise = end.y - start.y
    if rise == 0 {
      guard (0...1).contains(start.y) else { return }
    } else {
      let crossings = [(0 - start.y) / rise, (1 - start.y) / rise].sorted()
      (from, to) = (max(0, crossings[0]), min(1, crossings[1]))
      guard from <= to else { return }
    }
    let (width, height) = (Double(2 * columns - 1), Double(4 * rows - 1))
    let length = max(abs(end.x - start.x) * width, abs(rise) * height) * (to - from)
    let count = max(1, Int(length.rounded(.up)))
    for index in 0...count {
      let part = from + (to - from) * Double(index) / Double(count)
      let x = Int(((start.x + part * (end.x - start.x)) * width).rounded())
      let y = Int(((1 - start.y - part * rise) * height).rounded())
      guard (0..<2 * columns).contains(x), (0..<4 * rows).contains(y) else { continue }
      let cell = y / 4 * columns + x / 2
      dots[cell] |= Self.bits[y % 4 * 2 + x % 2]
      colors[cell] = color
    }
  }

  /// Puts a mark where a value is; false when that is above or below the canvas.
  @discardableResult
  mutating func mark(_ place: PlotPoint, _ mark: Unicode.Scalar, color: Int) -> Bool {
    guard (0...1).contains(place.y), (0...1).contains(place.x) else { return false }
    let column = Int((place.x * Double(2 * columns - 1)).rounded()) / 2
    let row = Int(((1 - place.y) * Double(4 * rows - 1)).rounded()) / 4
    marks[row * columns + column] = mark
    colors[row * columns + column] = color
    return true
  }

  /// A row as text; `paint` colours a character.
  func text(row: Int, paint: (String, Int) -> String) -> String {
    var text = ""
    for cell in row * columns..<(row + 1) * columns {
      guard let color = colors[cell] else {
        text += " "
        continue
      }
      let pattern = Unicode.Scalar(0x2800 + UInt32(dots[cell])) ?? " "
      text += paint(String(Character(marks[cell] ?? pattern)), color)
    }
    while text.hasSuffix(" ") { text.removeLast() }
    return text
  }

  /// Braille numbers its dots down the left column, then down the right, then the lowest two.
  private static let bits: [UInt8] = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80]
}
