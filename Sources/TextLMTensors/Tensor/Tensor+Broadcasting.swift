import CTextLMKernels

extension Tensor {
  /// What is done with two numbers.
  package enum Combination: String, Sendable {
    case add, subtract, multiply

    fileprivate var kernelValue: tlm_combination {
      switch self {
      case .add: TLM_ADD
      case .subtract: TLM_SUBTRACT
      case .multiply: TLM_MULTIPLY
      }
    }
  }

  /// Elements of this tensor combined with those of another of the same shape, or of one that fits
  /// it by repeating axes of size 1; nothing is copied for it.
  ///
  /// Requires shapes that `Shape.broadcast` can join, of at most 8 axes.
  package func combined(_ combination: Combination, with other: Tensor) -> Tensor {
    guard let whole = shape.broadcast(with: other.shape), whole.rank <= 8 else {
      fatalError("\(combination): shapes \(shape) and \(other.shape) do not fit")
    }
    return mapped(with: other, to: whole) { left, right, result in
      tlm_broadcast(
        combination.kernelValue, CInt(whole.rank), whole.dimensions, shape.strides(in: whole),
        other.shape.strides(in: whole), left, right, result)
    }
  }

  /// The sums over the axes along which `part` would be repeated to get this shape: the gradient of
  /// an operand of shape `part`.
  ///
  /// Requires a part that can be repeated so.
  package func summed(to part: Shape) -> Tensor {
    if part == shape { return self }
    require(
      part.broadcast(with: shape) == shape && shape.rank <= 8,
      "sum: \(part) is not \(shape) with fewer or shorter axes")
    return mapped(to: part) { source, sums in
      tlm_sum_axes(
        CInt(shape.rank), shape.dimensions, part.strides(in: shape), source, part.count, sums)
    }
  }
}
