public import TextLMTensors

extension ForwardPass {
  /// The products of N pairs of matrices, op(left[i]) · op(right[i]), where op transposes or does
  /// nothing: [N, M, K] times [N, K, P] is [N, M, P].
  ///
  /// Requires that the first axes and the inner sizes agree.
  public func batchedMatmul(
    _ left: Tensor, _ right: Tensor, transposeLeft: Bool = false, transposeRight: Bool = false
  ) -> Tensor {
    let output = Tensor.batchedProduct(
      left, right, transposeLeft: transposeLeft, transposeRight: transposeRight,
      precision: precision)
    guard let tape else { return output }
    let (leftNeeded, rightNeeded) = (tracks(left), tracks(right))
    tape.record(output: output, inputs: [left, right]) { [precision] gradient in
      func product(
        _ left: Tensor, _ right: Tensor, _ transposeLeft: Bool, _ transposeRight: Bool
      ) -> Tensor {
        Tensor.batchedProduct(
          left, right, transposeLeft: transposeLeft, transposeRight: transposeRight,
          precision: precision)
      }
      // C = A B has dA = dC Bᵀ and dB = Aᵀ dC; a transposed operand, the transposes of these.
      let leftGradient =
        !leftNeeded
        ? nil
        : transposeLeft
          ? product(right, gradient, transposeRight, true)
          : product(gradient, right, false, !transposeRight)
      let rightGradient =
        !rightNeeded
        ? nil
        : transposeRight
          ? product(gradient, left, true, transposeLeft)
          : product(left, gradient, !transposeLeft, false)
      return [leftGradient, rightGradient]
    }
    return output
  }
}
