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

  /// x / (1 − rate) where the mask of `key` keeps an element, 0 elsewhere.
  ///
  /// The same key drops the same elements, so that gradients pass through this very function.
  /// Requires 0 <= rate < 1.
  package func dropping(rate: Float, key: UInt64) -> Tensor {
    require(rate >= 0 && rate < 1, "dropout: the rate \(rate) is not in 0 ..< 1")
    return mapped(to: shape) { tlm_dropout(shape.count, rate, key, $0, $1) }
  }

  private func elementwise(
    with other: Tensor, _ name: String,
    _ loop: (UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  ) -> Tensor {
    require(shape == other.shape, "\(name): shapes \(shape) and \(other.shape) differ")
    return mapped(with: other, to: shape, loop)
  }
}
