import TextLMTensors

/// Packed weights by the identity of the tensor they were packed from.
///
/// An object apart from the pass, so that backward closures can hold it without holding the tape
/// that holds them.
final class PackCache {
  private struct Key: Hashable {
    let matrix: Tensor.ID
    let rowCount: Int
    let transposed: Bool
  }

  let precision: ComputePrecision
  private var matrices: [Key: PackedMatrix] = [:]

  init(precision: ComputePrecision) {
    self.precision = precision
  }

  /// `matrix`, or its transpose, packed.
  func packed(_ matrix: Tensor, transposed: Bool) -> PackedMatrix {
    let key = Key(matrix: matrix.id, rowCount: matrix.shape.rowCount, transposed: transposed)
    if let packed = matrices[key] { return packed }
    let packed = PackedMatrix(matrix, transposed: transposed, precision: precision)
    matrices[key] = packed
    return packed
  }
}
