import CTextLMKernels

extension Tensor {
  /// The same elements with axes in another order: axis `axes[j]` becomes axis j.
  ///
  /// Copies. Requires each axis once, and at most 8 of them.
  package func permuted(_ axes: [Int]) -> Tensor {
    require(
      axes.sorted() == Array(0..<shape.rank) && (1...Int(tlm_most_axes)) ~= shape.rank,
      "permute: \(axes) is no order of the axes of \(shape)")
    let result = Shape(axes.map { shape[$0] })
    return mapped(to: result) {
      tlm_permute(CInt(shape.rank), shape.dimensions, axes.map { CInt($0) }, $0, $1)
    }
  }

  /// The part with indices `range` along `axis`. Copies.
  package func slice(_ range: Range<Int>, axis: Int) -> Tensor {
    let (outer, size, inner) = around(axis, "slice")
    require(
      range.lowerBound >= 0 && range.upperBound <= size,
      "slice \(range): axis \(axis) of \(shape) has 0..<\(size)")
    let length = range.count * inner
    return mapped(to: shape.replacing(axis: axis, with: range.count)) { source, result in
      for block in 0..<outer {
        (result + block * length).update(
          from: source + (block * size + range.lowerBound) * inner, count: length)
      }
    }
  }

  /// Zeros of size `size` along `axis` with this tensor at index `start`: the gradient of a slice.
  package func placedInZeros(axis: Int, start: Int, size: Int) -> Tensor {
    let (outer, ownSize, inner) = around(axis, "placing")
    require(
      start >= 0 && start + ownSize <= size, "placing \(shape) at \(start) of \(size)")
    let (length, before) = (ownSize * inner, start * inner)
    let after = (size - start - ownSize) * inner
    return mapped(to: shape.replacing(axis: axis, with: size)) { source, result in
      var next = result
      for block in 0..<outer {
        next.update(repeating: 0, count: before)
        (next + before).update(from: source + block * length, count: length)
        (next + before + length).update(repeating: 0, count: after)
        next += before + length + after
      }
    }
  }

  /// Joins tensors along `axis`. Requires equal sizes along all other axes, and at least one tensor.
  package init(joining parts: [Tensor], axis: Int) {
    guard let first = parts.first else { fatalError("joining: no tensors") }
    let (outer, _, inner) = first.around(axis, "joining")
    let others = first.shape.replacing(axis: axis, with: 1)
    for part in parts {
      require(
        part.shape.rank == others.rank && part.shape.replacing(axis: axis, with: 1) == others,
        "joining: \(first.shape) and \(part.shape) differ beside axis \(axis)")
    }
    let size = parts.reduce(0) { $0 + $1.shape[axis] }
    self.init(shape: first.shape.replacing(axis: axis, with: size)) { result in
      var start = 0
      for part in parts {
        let length = part.shape[axis] * inner
        withExtendedLifetime(part) {
          for block in 0..<outer {
            (result + block * size * inner + start).update(
              from: part.address + block * length, count: length)
          }
        }
        start += length
      }
    }
  }

  /// Elements outside of an axis, along it, and inside of it.
  private func around(
    _ axis: Int, _ operation: String
  ) -> (outer: Int, size: Int, inner: Int) {
    require((0..<shape.rank).contains(axis), "\(operation): \(shape) has no axis \(axis)")
    return (
      shape.dimensions[..<axis].reduce(1, *), shape[axis],
      shape.dimensions[(axis + 1)...].reduce(1, *)
    )
  }
}

extension Shape {
  /// The same sizes but for one axis.
  package func replacing(axis: Int, with size: Int) -> Shape {
    var dimensions = dimensions
    dimensions[axis] = size
    return Shape(dimensions)
  }
}
