public import TextLMTensors

extension ForwardPass {
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

  /// e^x, element by element; x is clamped to −87 ... 88, beyond which float32 has no result.
  public func exp(_ input: Tensor) -> Tensor {
    let output = input.exponential()
    tape?.record(output: output, inputs: [input]) { [$0.multiplied(by: output)] }
    return output
  }

  /// ln x, element by element: −∞ at 0, not a number below.
  public func log(_ input: Tensor) -> Tensor {
    let output = input.logarithm()
    tape?.record(output: output, inputs: [input]) { [$0.multiplied(by: input.reciprocal())] }
    return output
  }

  /// ln(1 + e^x), element by element.
  public func softplus(_ input: Tensor) -> Tensor {
    let output = input.softplus()
    tape?.record(output: output, inputs: [input]) { [$0.multiplied(by: input.sigmoid())] }
    return output
  }

  /// x², element by element.
  public func square(_ input: Tensor) -> Tensor {
    let output = input.multiplied(by: input)
    tape?.record(output: output, inputs: [input]) { [$0.multiplied(by: input.scaled(by: 2))] }
    return output
  }

  /// √x, element by element; its gradient is infinite at 0.
  public func sqrt(_ input: Tensor) -> Tensor {
    let output = input.squareRoot()
    tape?.record(output: output, inputs: [input]) {
      [$0.multiplied(by: output.reciprocal().scaled(by: 0.5))]
    }
    return output
  }

  /// 1 / x, element by element.
  public func reciprocal(_ input: Tensor) -> Tensor {
    let output = input.reciprocal()
    tape?.record(output: output, inputs: [input]) {
      [$0.multiplied(by: output.multiplied(by: output).scaled(by: -1))]
    }
    return output
  }

  /// factor · x, element by element.
  public func scale(_ input: Tensor, by factor: Float) -> Tensor {
    let output = input.scaled(by: factor)
    tape?.record(output: output, inputs: [input]) { [$0.scaled(by: factor)] }
    return output
  }

  /// x + number, element by element.
  public func add(_ input: Tensor, _ number: Float) -> Tensor {
    let output = input.combined(.add, with: Tensor(number))
    tape?.record(output: output, inputs: [input]) { [$0] }
    return output
  }
}
