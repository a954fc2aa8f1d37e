import CTextLMKernels

extension Tensor {
  /// Where the elements begin. Valid while this tensor lives, for which callers use
  /// `withExtendedLifetime`.
  var address: UnsafePointer<Float> { UnsafePointer(storage.address + offset) }

  /// Calls `body` with the elements in place, row by row; the buffer must not outlive the call.
  public func withUnsafeBuffer<Result>(
    _ body: (UnsafeBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    try withExtendedLifetime(storage) {
      try body(UnsafeBufferPointer(start: address, count: shape.count))
    }
  }

  /// The elements, row by row. Copies them.
  public var array: [Float] { withUnsafeBuffer { Array($0) } }

  /// The only element. Requires a tensor of one element.
  public var item: Float {
    require(shape.count == 1, "item: a tensor of shape \(shape) has \(shape.count) elements, not 1")
    return withUnsafeBuffer { $0[0] }
  }

  /// Whether no element is infinite or not a number.
  public var isFinite: Bool {
    withExtendedLifetime(storage) { tlm_all_finite(shape.count, address) }
  }

  /// The sum of the squares of all elements, accumulated in Double.
  package var sumOfSquares: Double {
    withExtendedLifetime(storage) { tlm_sum_of_squares(shape.count, address) }
  }

  /// Σ self · other over all elements, accumulated in Double. Requires equal shapes.
  package func dotProduct(with other: Tensor) -> Double {
    require(shape == other.shape, "dot product: shapes \(shape) and \(other.shape) differ")
    return withUnsafeBuffer { left in
      other.withUnsafeBuffer { right in
        left.indices.reduce(0) { $0 + Double(left[$1]) * Double(right[$1]) }
      }
    }
  }

  /// The sum of all elements, accumulated in Double.
  package var sum: Double {
    withUnsafeBuffer { elements in elements.reduce(0) { $0 + Double($1) } }
  }
}

extension Tensor: CustomStringConvertible {
  /// The shape and the first few elements, as in `Tensor [2, 3]: 1.0, 2.0, 3.0, 4.0, 5.0, 6.0`.
  public var description: String {
    let shownCount = 8
    let shown = withUnsafeBuffer { $0.prefix(shownCount).map { "\($0)" } }
    let rest = shape.count > shownCount ? ", …" : ""
    return "Tensor \(shape): " + shown.joined(separator: ", ") + rest
  }
}
