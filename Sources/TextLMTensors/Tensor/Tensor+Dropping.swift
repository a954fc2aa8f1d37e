import CTextLMKernels

extension Tensor {
  /// x / (1 − rate) where the mask of `key` keeps an element, 0 elsewhere.
  ///
  /// The same key drops the same elements, so that gradients pass through this very function.
  /// Requires 0 <= rate < 1.
  package func dropping(rate: Float, key: UInt64) -> Tensor {
    requireRate(rate)
    return mapped(to: shape) { tlm_dropout(shape.count, rate, key, $0, $1) }
  }

  /// The same with one mask for all entries of the first axis: [T, B, D] has a mask [B, D].
  package func droppingAlike(rate: Float, key: UInt64) -> Tensor {
    requireRate(rate)
    let entryCount = shape.dimensions.first ?? 1
    let size = shape.count / max(entryCount, 1)
    return mapped(to: shape) { source, result in
      for entry in 0..<entryCount {
        tlm_dropout(size, rate, key, source + entry * size, result + entry * size)
      }
    }
  }

  /// The same for whole rows: [R, W] has a mask [R].
  package func droppingRows(rate: Float, key: UInt64) -> Tensor {
    let (rowCount, width) = (shape.rowCount, shape.width)
    let factors = Tensor(repeating: 1, shape: [rowCount]).dropping(rate: rate, key: key).array
    return mapped(to: shape) { source, result in
      for (row, factor) in factors.enumerated() {
        tlm_scale(width, factor, source + row * width, result + row * width)
      }
    }
  }

  private func requireRate(_ rate: Float) {
    require(rate >= 0 && rate < 1, "dropout: the rate \(rate) is not in 0 ..< 1")
  }
}
