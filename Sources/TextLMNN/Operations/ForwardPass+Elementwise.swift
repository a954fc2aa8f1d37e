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

  /// Zeroes each element with probability `rate` and divides the rest by 1 − rate, so that the mean
  /// stays.
  ///
  /// Returns the input unchanged in inference and at rate 0, drawing nothing. Requires 0 <= rate <
  /// 1.
  public func dropout(_ input: Tensor, rate: Float) -> Tensor {
    require(rate >= 0 && rate < 1, "dropout: the rate \(rate) is not in 0 ..< 1")
    guard mode == .training, rate > 0 else { return input }
    let key = random.next()
    let output = input.dropping(rate: rate, key: key)
    tape?.record(output: output, inputs: [input]) { [$0.dropping(rate: rate, key: key)] }
    return output
  }
}
