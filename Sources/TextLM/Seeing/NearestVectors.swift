/// Finds the vectors that point most nearly into the direction of another.
///
/// The cosine of two vectors, a·b / (|a| |b|), is 1 for the same direction and 0 for vectors at right angles;
/// that with a vector of zeros is 0.
public struct NearestVectors: Sendable {
  private let vectors: [[Float]]

  /// Takes the vectors to search among, all of one length.
  public init(_ vectors: [[Float]]) {
    precondition(
      vectors.allSatisfy { $0.count == vectors[0].count },
      "nearest vectors: lengths of \(Set(vectors.map(\.count)).sorted())")
    self.vectors = vectors
  }

  /// The places of the `count` nearest vectors with their cosines, the nearest first; of equal ones the
  /// first comes first. Requires a vector of the same length.
  public func nearest(to vector: [Float], count: Int) -> [(index: Int, cosine: Double)] {
    precondition(
      vectors.isEmpty || vectors[0].count == vector.count,
      "nearest vectors: \(vector.count) numbers among vectors of \(vectors.first?.count ?? 0)")
    let found = vectors.indices.map { (index: $0, cosine: Self.cosine(vectors[$0], vector)) }
    let sorted = found.sorted {
      $0.cosine != $1.cosine ? $0.cosine > $1.cosine : $0.index < $1.index
    }
    return Array(sorted.prefix(count))
  }

  static func cosine(_ left: [Float], _ right: [Float]) -> Double {
    var (product, leftSquares, rightSquares) = (0.0, 0.0, 0.0)
    for (a, b) in zip(left, right) {
      product += Double(a) * Double(b)
      leftSquares += Double(a) * Double(a)
      rightSquares += Double(b) * Double(b)
    }
    let lengths = leftSquares.squareRoot() * rightSquares.squareRoot()
    return lengths > 0 ? product / lengths : 0
  }
}
