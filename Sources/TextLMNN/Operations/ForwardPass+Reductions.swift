public import TextLMTensors

extension ForwardPass {
  /// The sum of all elements, of shape `[]`, accumulated in Double.
  public func sum(_ input: Tensor) -> Tensor {
    scaledSum(input, factor: 1)
  }

  /// The mean of all elements, of shape `[]`, accumulated in Double. Requires at least one element.
  public func mean(_ input: Tensor) -> Tensor {
    require(input.shape.count > 0, "mean: a tensor of shape \(input.shape) has no elements")
    return scaledSum(input, factor: 1 / Double(input.shape.count))
  }

  private func scaledSum(_ input: Tensor, factor: Double) -> Tensor {
    let output = Tensor(Float(input.sum * factor))
    let shape = input.shape
    tape?.record(output: output, inputs: [input]) { gradient in
      [Tensor(repeating: Float(factor) * gradient.item, shape: shape)]
    }
    return output
  }
}
