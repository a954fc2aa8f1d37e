import CTextLMKernels

extension Tensor {
  /// op(left[i]) · op(right[i]) for each i, where op transposes or does nothing: [N, M, K] times [N,
  /// K, P] is [N, M, P].
  ///
  /// Requires three axes each, of which the first and the inner ones agree.
  package static func batchedProduct(
    _ left: Tensor, _ right: Tensor, transposeLeft: Bool = false, transposeRight: Bool = false,
    precision: ComputePrecision
  ) -> Tensor {
    require(
      left.shape.rank == 3 && right.shape.rank == 3 && left.shape[0] == right.shape[0],
      "batched matmul: \(left.shape) and \(right.shape) are not as many matrices")
    let (rows, inner) =
      transposeLeft ? (left.shape[2], left.shape[1]) : (left.shape[1], left.shape[2])
    let (rightInner, columns) =
      transposeRight ? (right.shape[2], right.shape[1]) : (right.shape[1], right.shape[2])
    require(
      inner == rightInner,
      """
      batched matmul: \(left.shape)\(transposeLeft ? " transposed" : "") x \
      \(right.shape)\(transposeRight ? " transposed" : ""): inner sizes \(inner) and \
      \(rightInner) differ
      """)
    let count = left.shape[0]
    return left.mapped(with: right, to: [count, rows, columns]) {
      tlm_matmul_batch(
        precision.kernelValue, transposeLeft, transposeRight, count, rows, columns, inner, $0, $1,
        $2)
    }
  }
}
