import CTextLMKernels

extension Tensor {
  /// op(left) · op(right), where op transposes or does nothing, and leading axes count as rows.
  ///
  /// [m, k] times [k, n] is [m, n]. Requires that the inner sizes agree.
  package static func product(
    _ left: Tensor, _ right: Tensor, transposeLeft: Bool = false, transposeRight: Bool = false,
    precision: ComputePrecision
  ) -> Tensor {
    let (leftRows, leftWidth) = (left.shape.rowCount, left.shape.width)
    let (rightRows, rightWidth) = (right.shape.rowCount, right.shape.width)
    let (rows, inner) = transposeLeft ? (leftWidth, leftRows) : (leftRows, leftWidth)
    let (rightInner, columns) = transposeRight ? (rightWidth, rightRows) : (rightRows, rightWidth)
    require(
      inner == rightInner,
      """
      matmul: \(left.shape)\(transposeLeft ? " transposed" : "") x \
      \(right.shape)\(transposeRight ? " transposed" : ""): inner sizes \(inner) and \
      \(rightInner) differ
      """)
    return left.mapped(with: right, to: [rows, columns]) { leftAddress, rightAddress, product in
      tlm_matmul(
        precision.kernelValue, transposeLeft, transposeRight, rows, columns, inner,
        leftAddress, leftWidth, rightAddress, rightWidth, product, columns, false)
    }
  }

  /// self · matrix (+ bias on each row): [.., k] times a packed [k, n] is [.., n].
  ///
  /// Requires that the inner sizes agree and a bias of shape [n].
  package func multiplied(by matrix: PackedMatrix, adding bias: Tensor? = nil) -> Tensor {
    require(
      shape.width == matrix.inputSize,
      """
      matmul: \(shape) x [\(matrix.inputSize), \(matrix.outputSize)]: inner sizes \
      \(shape.width) and \(matrix.inputSize) differ
      """)
    if let bias {
      require(
        bias.shape == [matrix.outputSize],
        "matmul: the bias has shape \(bias.shape), not [\(matrix.outputSize)]")
    }
    return withExtendedLifetime((matrix, bias)) {
      mapped(to: shape.replacingWidth(matrix.outputSize)) { rows, product in
        tlm_matmul_packed(
          matrix.handle, shape.rowCount, rows, shape.width, bias?.address, product,
          matrix.outputSize, false)
      }
    }
  }

  /// base + self · matrix: [.., k] times a packed [k, n], added to [.., n].
  ///
  /// Requires that the sizes agree.
  package func multiplied(by matrix: PackedMatrix, addedTo base: Tensor) -> Tensor {
    require(
      shape.width == matrix.inputSize && base.shape == shape.replacingWidth(matrix.outputSize),
      """
      matmul: \(base.shape) + \(shape) x [\(matrix.inputSize), \(matrix.outputSize)]: the sizes \
      differ
      """)
    return withExtendedLifetime(matrix) {
      mapped(with: base, to: base.shape) { rows, base, sum in
        sum.update(from: base, count: self.shape.rowCount * matrix.outputSize)
        tlm_matmul_packed(
          matrix.handle, shape.rowCount, rows, shape.width, nil, sum, matrix.outputSize, true)
      }
    }
  }
}
