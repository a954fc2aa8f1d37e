import TextLMTensors

/// Packed weights by the identity of the tensor they were packed from.
///
/// An object apart from the pass, so that backward closures can hold it without holding the tape
/// that holds them.
final class PackCache {
  private struct Key: Hashable {
    let matrix: Tensor.ID
    let rowCount: Int
    let rows: Range<Int>
    let transposed: Bool
  }

  let precision: ComputePrecision
  private var matrices: [Key: PackedMatrix] = [:]

  init(precision: ComputePrecision) {
    self.precision = precision
  }

  /// A cache of its own that begins with what this one has.
  func copy() -> PackCache {
    let copy = PackCache(precision: precision)
    copy.matrices = matrices
    return copy
  }

  /// `matrix`, or its transpose, packed; of the rows `rows` alone if they are given.
  func packed(_ matrix: Tensor, rows: Range<Int>? = nil, transposed: Bool) -> PackedMatrix {
    let rowCount = matrix.shape.rowCount
    let key = Key(
      matrix: matrix.id, rowCount: rowCount, rows: rows ?? 0..<rowCount, transposed: transposed)
    if let packed = matrices[key] { return packed }
    let part = rows.map { matrix[rows: $0] } ?? matrix
    let packed = PackedMatrix(part, transposed: transposed, precision: precision)
    matrices[key] = packed
    return packed
  }
}
