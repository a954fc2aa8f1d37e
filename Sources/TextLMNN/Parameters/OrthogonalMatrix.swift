import TextLMTensors

/// A random orthogonal matrix, distributed evenly over all rotations and reflections.
///
/// The rows of a matrix of normal numbers, made orthonormal by Gram and Schmidt's procedure in its
/// modified form. That is the Q of a QR decomposition whose R has a positive diagonal, which makes
/// the distribution even (Francesco Mezzadri, "How to generate random matrices from the classical
/// compact groups", 2007).
///
/// Complexity: 2 n³ operations in Double.
struct OrthogonalMatrix {
  /// Row r is `vectors[r * rowLength ..< (r + 1) * rowLength]`, padded with zeros, which no sum
  /// notices.
  private var vectors: [Vector]
  private let rowLength: Int
  private let size: Int

  private typealias Vector = SIMD8<Double>

  init(size: Int, random: inout RandomSource) {
    self.size = size
    rowLength = (size + Vector.scalarCount - 1) / Vector.scalarCount
    vectors = Array(repeating: .zero, count: size * rowLength)
    for row in 0..<size {
      for column in 0..<size {
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

  /// The elements row by row.
  var elements: [Float] {
    (0..<size * size).map { index in
      let (row, column) = index.quotientAndRemainder(dividingBy: size)
      let (place, lane) = column.quotientAndRemainder(dividingBy: Vector.scalarCount)
      return Float(vectors[row * rowLength + place][lane])
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
