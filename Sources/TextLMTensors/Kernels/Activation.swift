import CTextLMKernels

/// A function that layers apply to each element.
package enum Activation: Sendable, CaseIterable {
  /// max(x, 0)
  case relu
  /// x / (1 + e^−x)
  case silu
  /// x Φ(x), Φ being the part of a standard normal variable's distribution below x.
  case gelu

  fileprivate var kernelValue: tlm_activation {
    switch self {
    case .relu: TLM_RELU
    case .silu: TLM_SILU
    case .gelu: TLM_GELU
    }
  }
}

extension Tensor {
  /// f(x) for each element.
  package func activated(by function: Activation) -> Tensor {
    mapped(to: shape) { tlm_activate(function.kernelValue, shape.count, $0, $1) }
  }

  /// The gradient of the function's argument, dx = dy f′(x), where self is x.
  package func activationGradient(of function: Activation, _ outputGradient: Tensor) -> Tensor {
    require(
      shape.count == outputGradient.shape.count,
      "activation: a gradient \(outputGradient.shape) of \(shape)")
    return mapped(with: outputGradient, to: shape) {
      tlm_activate_backward(function.kernelValue, shape.count, $0, $1, $2)
    }
  }
}
