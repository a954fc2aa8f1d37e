import CTextLMKernels

/// A weight matrix in the order the kernels read it as a right operand: made once, multiplied with
/// many times.
///
/// Not a tensor: its memory order belongs to the kernels and the precision it was packed for.
package final class PackedMatrix {
  /// Rows of the operand, the width of what it is multiplied with.
  package let inputSize: Int
  /// Columns of the operand, the width of the product.
  package let outputSize: Int
  let handle: OpaquePointer

  /// Packs `matrix` [k, n], or the transpose of `matrix` [n, k] when `transposed`.
  package init(_ matrix: Tensor, transposed: Bool, precision: ComputePrecision) {
    let shape = matrix.shape
    require(shape.rank == 2, "packing: a matrix has two axes, not \(shape)")
    let (rows, columns) = transposed ? (shape[1], shape[0]) : (shape[0], shape[1])
    let packed = withExtendedLifetime(matrix) {
      tlm_packed_create(
        precision.kernelValue, transposed, rows, columns, matrix.address, shape[1])
    }
    guard let packed else { fatalError("out of memory: packing a matrix of shape \(shape)") }
    inputSize = rows
    outputSize = columns
    handle = packed
  }

  deinit {
    tlm_packed_destroy(handle)
  }
}
