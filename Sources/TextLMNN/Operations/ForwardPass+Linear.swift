public import TextLMTensors

extension ForwardPass {
  /// y = x Wᵀ + b on the last axis: [.., I] becomes [.., O] by a weight [O, I] and a bias [O].
  ///
  /// Requires that the sizes agree.
  public func linear(_ input: Tensor, weight: Tensor, bias: Tensor? = nil) -> Tensor {
    let output = input.multiplied(by: packed(weight, transposed: true), adding: bias)
    guard let tape else { return output }
    let (inputNeeded, weightNeeded) = (tracks(input), tracks(weight))
    tape.record(output: output, inputs: [input, weight] + (bias.map { [$0] } ?? [])) {
      [packs] gradient in
      var gradients = [
        inputNeeded ? gradient.multiplied(by: packs.packed(weight, transposed: false)) : nil,
        weightNeeded
          ? Tensor.product(gradient, input, transposeLeft: true, precision: packs.precision) : nil,
      ]
      if bias != nil { gradients.append(gradient.columnSums()) }
      return gradients
    }
    return output
  }

  /// The matrix product of [m, k] and [k, n], [m, n]; leading axes of the left operand count as
  /// rows.
  ///
  /// Requires that the inner sizes agree.
  public func matmul(_ left: Tensor, _ right: Tensor) -> Tensor {
    let output = Tensor.product(left, right, precision: precision)
      .reshaped(to: left.shape.replacingWidth(right.shape.width))
    guard let tape else { return output }
    let (leftNeeded, rightNeeded) = (tracks(left), tracks(right))
    tape.record(output: output, inputs: [left, right]) { [precision] gradient in
      [
        leftNeeded
          ? Tensor.product(gradient, right, transposeRight: true, precision: precision) : nil,
        rightNeeded
          ? Tensor.product(left, gradient, transposeLeft: true, precision: precision) : nil,
      ]
    }
    return output
  }
}
