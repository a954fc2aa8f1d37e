extension Tensor {
  /// The same elements with other sizes along the axes; shares memory and identity.
  ///
  /// Because the identity stays, gradients flow through a reshaped tensor as if it had not been
  /// reshaped. Requires the same number of elements.
  public func reshaped(to shape: Shape) -> Tensor {
    require(
      shape.count == self.shape.count,
      "reshaped: \(self.shape) has \(self.shape.count) elements, \(shape) has \(shape.count)")
    return Tensor(shape: shape, storage: storage, offset: offset, id: id)
  }

  /// The same elements under a new identity, so that no gradient flows back through them; shares
  /// memory.
  public func detached() -> Tensor {
    Tensor(shape: shape, storage: storage, offset: offset)
  }

  /// The part from index `range.lowerBound` up to `range.upperBound` of the first axis; shares
  /// memory.
  ///
  /// `[T, B, D]` becomes `[range.count, B, D]`. No gradient flows back through the part. Requires a
  /// range inside the first axis.
  public subscript(rows range: Range<Int>) -> Tensor {
    require(shape.rank > 0, "rows \(range): a single number has no rows")
    require(
      range.lowerBound >= 0 && range.upperBound <= shape[0],
      "rows \(range): shape \(shape) has rows 0..<\(shape[0])")
    let partShape = Shape([range.count] + shape.dimensions.dropFirst())
    let rowLength = shape.dimensions.dropFirst().reduce(1, *)
    return Tensor(
      shape: partShape, storage: storage, offset: offset + range.lowerBound * rowLength)
  }

  /// Joins tensors one after the other along their first axis: `[a, ...]` and `[b, ...]` make `[a +
  /// b, ...]`.
  ///
  /// The inverse of slicing with `subscript(rows:)`. Copies the elements. Requires at least one
  /// tensor, and equal sizes along all axes but the first.
  public init(stacking parts: [Tensor]) {
    guard let first = parts.first, first.shape.rank > 0 else {
      fatalError("stacking: needs at least one tensor with at least one axis")
    }
    let inner = first.shape.dimensions.dropFirst()
    for part in parts {
      require(
        part.shape.rank > 0 && part.shape.dimensions.dropFirst() == inner,
        "stacking: \(first.shape) and \(part.shape) differ after the first axis")
    }
    let rowCount = parts.reduce(0) { $0 + $1.shape[0] }
    self.init(shape: Shape([rowCount] + inner)) { address in
      var next = address
      for part in parts {
        part.withUnsafeBuffer { elements in
          if let source = elements.baseAddress { next.update(from: source, count: elements.count) }
          next += elements.count
        }
      }
    }
  }
}
