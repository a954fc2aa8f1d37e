public import TextLMTensors

extension ForwardPass {
  /// left + right, element by element. Requires equal shapes.
  public func add(_ left: Tensor, _ right: Tensor) -> Tensor {
    let output = left.adding(right)
    tape?.record(output: output, inputs: [left, right]) { [$0, $0] }
    return output
  }

  /// left · right, element by element. Requires equal shapes.
  public func multiply(_ left: Tensor, _ right: Tensor) -> Tensor {
    let output = left.multiplied(by: right)
    tape?.record(output: output, inputs: [left, right]) { gradient in
      [gradient.multiplied(by: right), gradient.multiplied(by: left)]
    }
    return output
  }

  /// tanh x, element by element.
  public func tanh(_ input: Tensor) -> Tensor {
    let output = input.hyperbolicTangent()
    tape?.record(output: output, inputs: [input]) { [output.hyperbolicTangentGradient($0)] }
    return output
  }

  /// 1 / (1 + e^−x), element by element.
  public func sigmoid(_ input: Tensor) -> Tensor {
    let output = input.sigmoid()
    tape?.record(output: output, inputs: [input]) { [output.sigmoidGradient($0)] }
    return output
  }
}
