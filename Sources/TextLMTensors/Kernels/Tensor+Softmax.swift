import CTextLMKernels

extension Engine {
  /// softmax(logits) in Double, the same to the last bit with every instruction set. Requires one above −∞.
  package static func softmax(_ logits: [Float]) -> [Double] {
    [Double](unsafeUninitializedCapacity: logits.count) { result, count in
      if let result = result.baseAddress { tlm_softmax_double(logits.count, logits, result) }
      count = logits.count
    }
  }
}

extension Tensor {
  /// softmax(row + mask) of each row [.., W].
  ///
  /// A mask [.., W] with fewer rows is repeated; it may hold −∞, and a row of nothing else gives
  /// zeros. Requires that the mask's rows divide this tensor's.
  package func softmax(adding mask: Tensor? = nil) -> Tensor {
    let (rowCount, width) = (shape.rowCount, shape.width)
    if let mask {
      require(
        mask.shape.width == width && mask.shape.rowCount > 0
          && rowCount.isMultiple(of: mask.shape.rowCount),
        "softmax: a mask \(mask.shape) for \(shape)")
    }
    return withExtendedLifetime(mask) {
      mapped(to: shape) { source, result in
        tlm_softmax(rowCount, width, source, mask?.address, mask?.shape.rowCount ?? 1, result)
      }
    }
  }

  /// The gradient of softmax's argument, dx = y (dy − Σ dy y), where self is y.
  package func softmaxGradient(_ outputGradient: Tensor) -> Tensor {
    mapped(with: outputGradient, to: shape) {
      tlm_softmax_backward(shape.rowCount, shape.width, $0, $1, $2)
    }
  }
}
