public import TextLMTensors

/// Evaluates a loss in training mode and differentiates it.
///
/// - Parameters:
///   - random: where dropout takes its masks from.
///   - precision: the operands' format in matrix products.
///   - regularization: what the pass does against learning by heart.
///   - frozenPaths: parameters that are constants and have no gradient.
///   - loss: computes one number from the parameters it asks the pass for. It runs once, and its pass ends with it.
/// - Returns: the loss, and its gradients with respect to all parameters that `loss` used.
public func valueWithGradients(
  random: RandomSource, precision: ComputePrecision = .float32,
  regularization: Regularization = .none, frozenPaths: Set<String> = [],
  _ loss: (ForwardPass) throws -> Tensor
) rethrows -> (value: Float, gradients: Gradients) {
  let pass = ForwardPass.training(
    random: random, precision: precision, regularization: regularization,
    frozenPaths: frozenPaths)
  let value = try loss(pass)
  require(value.shape.count == 1, "valueWithGradients: the loss has shape \(value.shape), not []")
  return (value.item, pass.gradients(of: value))
}

/// Evaluates a loss as inference does, nothing being dropped and no random number drawn, and
/// differentiates it: what a model learns from that adapts to a text.
///
/// `loss` runs once, and its pass ends with it.
public func valueWithGradientsInInference(
  precision: ComputePrecision = .float32, _ loss: (ForwardPass) throws -> Tensor
) rethrows -> (value: Float, gradients: Gradients) {
  let pass = ForwardPass.adapting(precision: precision)
  let value = try loss(pass)
  require(value.shape.count == 1, "valueWithGradients: the loss has shape \(value.shape), not []")
  return (value.item, pass.gradients(of: value))
}

extension ForwardPass {
  /// Gradients of `value` by its own size, as if Σ value were the loss. Empties the tape.
  func gradients(of value: Tensor) -> Gradients {
    guard let tape else { fatalError("gradients: an inference pass records nothing") }
    return Gradients(
      tape.gradients(of: value, seed: Tensor(repeating: 1, shape: value.shape)), of: self)
  }
}
