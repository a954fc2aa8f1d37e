import CTextLMKernels

extension Tensor {
  /// self + other, element by element.
  package func adding(_ other: Tensor) -> Tensor {
    elementwise(with: other, "add") { tlm_add(shape.count, $0, $1, $2) }
  }

  /// self · other, element by element.
  package func multiplied(by other: Tensor) -> Tensor {
    elementwise(with: other, "multiply") { tlm_multiply(shape.count, $0, $1, $2) }
  }

  /// factor · self.
  package func scaled(by factor: Float) -> Tensor {
    mapped(to: shape) { tlm_scale(shape.count, factor, $0, $1) }
  }

  /// self ← self + weight · (other − self), in place where nobody else holds the memory. Requires
  /// equal shapes.
  package mutating func approach(_ other: Tensor, by weight: Float) {
    require(shape == other.shape, "approach: shapes \(shape) and \(other.shape) differ")
    let count = shape.count
    withExtendedLifetime(other) {
      overwrite { tlm_interpolate(count, weight, $0, other.address, $1) }
    }
  }

  /// The hyperbolic tangent of each element.
  package func hyperbolicTangent() -> Tensor {
    mapped(to: shape) { tlm_tanh(shape.count, $0, $1) }
  }

  /// Gradient of tanh's argument, dx = dy (1 − y²), where self is y.
  package func hyperbolicTangentGradient(_ outputGradient: Tensor) -> Tensor {
    elementwise(with: outputGradient, "tanh gradient") { output, gradient, result in
      for index in 0..<shape.count {
        result[index] = gradient[index] * (1 - output[index] * output[index])
      }
    }
  }

  /// The logistic function of each element, 1 / (1 + e^−x).
  package func sigmoid() -> Tensor {
    mapped(to: shape) { tlm_sigmoid(shape.count, $0, $1) }
  }

  /// Gradient of the logistic function's argument, dx = dy y (1 − y), where self is y.
  package func sigmoidGradient(_ outputGradient: Tensor) -> Tensor {
    elementwise(with: outputGradient, "sigmoid gradient") { output, gradient, result in
      for index in 0..<shape.count {
        result[index] = gradient[index] * output[index] * (1 - output[index])
      }
    }
  }

  /// e^x of each element; x is clamped to -87 ... 88, beyond which float32 has no result.
  package func exponential() -> Tensor {
    mapped(to: shape) { tlm_exp(shape.count, $0, $1) }
  }

  /// The natural logarithm of each element: −∞ at 0, not a number below.
  package func logarithm() -> Tensor {
    mapped(to: shape) { tlm_log(shape.count, $0, $1) }
  }

  /// ln(1 + e^x) of each element.
  package func softplus() -> Tensor {
    mapped(to: shape) { tlm_softplus(shape.count, $0, $1) }
  }

  /// The square root of each element.
  package func squareRoot() -> Tensor {
    mapped(to: shape) { tlm_sqrt(shape.count, $0, $1) }
  }

  /// 1 / x of each element.
  package func reciprocal() -> Tensor {
    mapped(to: shape) { tlm_reciprocal(shape.count, $0, $1) }
  }

  private func elementwise(
    with other: Tensor, _ name: String,
    _ loop: (UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  ) -> Tensor {
    require(shape == other.shape, "\(name): shapes \(shape) and \(other.shape) differ")
    return mapped(with: other, to: shape, loop)
  }
}
