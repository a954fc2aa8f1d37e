public import TextLMTensors

/// Sums, differences and products of two tensors. Shapes are equal, or fit by repeating axes of size 1,
/// last axes under each other: [B, 1] and [1, D], or [B, D] and [D].
extension ForwardPass {
  /// left + right, element by element. Requires shapes that fit.
  public func add(_ left: Tensor, _ right: Tensor) -> Tensor {
    let output =
      left.shape == right.shape ? left.adding(right) : left.combined(.add, with: right)
    record(output, left, right) { ($0, $0) }
    return output
  }

  /// left − right, element by element. Requires shapes that fit.
  public func subtract(_ left: Tensor, _ right: Tensor) -> Tensor {
    let output = left.combined(.subtract, with: right)
    record(output, left, right) { ($0, $0.scaled(by: -1)) }
    return output
  }

  /// left · right, element by element. Requires shapes that fit.
  public func multiply(_ left: Tensor, _ right: Tensor) -> Tensor {
    func product(_ one: Tensor, _ other: Tensor) -> Tensor {
      one.shape == other.shape ? one.multiplied(by: other) : one.combined(.multiply, with: other)
    }
    let output = product(left, right)
    let (leftNeeded, rightNeeded) = (tracks(left), tracks(right))
    record(output, left, right) {
      (leftNeeded ? product($0, right) : nil, rightNeeded ? product($0, left) : nil)
    }
    return output
  }

  /// The sums along one axis: [2, 3, 4] along axis 1 becomes [2, 4], or [2, 1, 4] where the axis is
  /// kept.
  ///
  /// Requires an axis of the tensor.
  public func sum(_ input: Tensor, axis: Int, keepingAxis: Bool = false) -> Tensor {
    let shape = input.shape
    require(
      axis >= 0 && axis < shape.rank, "sum: axis \(axis) of shape \(shape), which has \(shape.rank)"
    )
    var sizes = shape.dimensions
    sizes[axis] = 1
    let kept = Shape(sizes)
    sizes.remove(at: axis)
    let output = input.summed(to: kept)
    tape?.record(output: output, inputs: [input]) { gradient in
      [Tensor(zeros: shape).combined(.add, with: gradient.reshaped(to: kept))]
    }
    return keepingAxis ? output : output.reshaped(to: Shape(sizes))
  }

  /// Records an operation of two operands, whose gradients `backward` gives in the result's shape.
  private func record(
    _ output: Tensor, _ left: Tensor, _ right: Tensor,
    _ backward: @escaping (Tensor) -> (Tensor?, Tensor?)
  ) {
    let (leftShape, rightShape, shape) = (left.shape, right.shape, output.shape)
    tape?.record(output: output, inputs: [left, right]) { gradient in
      let (left, right) = backward(gradient.reshaped(to: shape))
      return [left?.summed(to: leftShape), right?.summed(to: rightShape)]
    }
  }
}
