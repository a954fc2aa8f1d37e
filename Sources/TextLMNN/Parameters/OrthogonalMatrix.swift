import TextLMTensors

/// A random matrix with orthonormal rows, or columns where those are fewer, distributed evenly.
///
/// Its vectors are the rows of a matrix of normal numbers, made orthonormal by Gram and Schmidt's procedure in its
/// modified form. That is the Q of a QR decomposition whose R has a positive diagonal, which makes
/// the distribution even (Francesco Mezzadri, "How to generate random matrices from the classical
/// compact groups", 2007).
///
/// Complexity: 2 n² m operations in Double for n vectors of length m.
struct OrthogonalMatrix {
  /// Vector r is `vectors[r * rowLength ..< (r + 1) * rowLength]`, padded with zeros, which no sum
  /// notices.
  private var vectors: [Vector]
  private let rowLength: Int
  private let rowCount: Int
  private let columnCount: Int

  private typealias Vector = SIMD8<Double>

  init(rowCount: Int, columnCount: Int, random: inout RandomSource) {
    self.rowCount = rowCount
    self.columnCount = columnCount
    let (size, length) = (min(rowCount, columnCount), max(rowCount, columnCount))
    rowLength = (length + Vector.scalarCount - 1) / Vector.scalarCount
    vectors = Array(repeating: .zero, count: size * rowLength)
    for row in 0..<size {
      for column in 0..<length {
        let (place, lane) = column.quotientAndRemainder(dividingBy: Vector.scalarCount)
        vectors[row * rowLength + place][lane] = random.nextNormal()
      }
    }
    // In panels that stay in the cache while all earlier rows pass by.
    let panelSize = 16
    for start in stride(from: 0, to: size, by: panelSize) {
      let panel = start..<min(start + panelSize, size)
      for earlier in 0..<start {
        for row in panel { makeOrthogonal(row, to: earlier) }
      }
      for row in panel {
        for earlier in start..<row { makeOrthogonal(row, to: earlier) }
        normalize(row)
      }
    }
  }

  /// `gain` times the elements, row by row.
  func elements(times gain: Double) -> [Float] {
    (0..<rowCount * columnCount).map { index in
      let (row, column) = index.quotientAndRemainder(dividingBy: columnCount)
      let (vector, element) = rowCount <= columnCount ? (row, column) : (column, row)
      let (place, lane) = element.quotientAndRemainder(dividingBy: Vector.scalarCount)
      return Float(gain * vectors[vector * rowLength + place][lane])
    }
  }

  private mutating func makeOrthogonal(_ row: Int, to unit: Int) {
    let overlap = dot(row, unit)
    let (start, unitStart) = (row * rowLength, unit * rowLength)
    for place in 0..<rowLength {
      vectors[start + place] -= overlap * vectors[unitStart + place]
    }
  }

  private mutating func normalize(_ row: Int) {
    let scale = 1 / dot(row, row).squareRoot()
    for place in row * rowLength..<(row + 1) * rowLength { vectors[place] *= scale }
  }

  private func dot(_ left: Int, _ right: Int) -> Double {
    let (leftStart, rightStart) = (left * rowLength, right * rowLength)
    var sum = Vector.zero
    for place in 0..<rowLength {
      sum += vectors[leftStart + place] * vectors[rightStart + place]
    }
    return sum.sum()
  }
}
