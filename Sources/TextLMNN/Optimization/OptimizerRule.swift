/// Which optimizer, with its numbers, as data that a checkpoint can hold.
public enum OptimizerRule: Sendable, Equatable, Codable {
  /// `SGD`, stochastic gradient descent.
  case sgd(momentum: Double, dampening: Double, isNesterov: Bool)
  /// `RMSProp`.
  case rmsprop(decayRate: Double, epsilon: Double, momentum: Double, isCentered: Bool)
  /// `Adam`, weight decay being a part of the gradient.
  case adam(firstDecayRate: Double, secondDecayRate: Double, epsilon: Double)
  /// `Adam`, weight decay being decoupled from the gradient.
  case adamw(firstDecayRate: Double, secondDecayRate: Double, epsilon: Double)

  /// AdamW that forgets gradients after some hundred steps, as suits short trainings: β₂ is 0.99.
  public static let standard = OptimizerRule.adamw(
    firstDecayRate: 0.9, secondDecayRate: 0.99, epsilon: 1e-8)

  /// An optimizer of this rule before its first step.
  public func makeOptimizer() -> any Optimizer {
    switch self {
    case .sgd(let momentum, let dampening, let isNesterov):
      SGD(momentum: momentum, dampening: dampening, isNesterov: isNesterov)
    case .rmsprop(let decayRate, let epsilon, let momentum, let isCentered):
      RMSProp(
        decayRate: decayRate, epsilon: epsilon, momentum: momentum, isCentered: isCentered)
    case .adam(let first, let second, let epsilon):
      Adam(
        firstDecayRate: first, secondDecayRate: second, epsilon: epsilon, isDecayDecoupled: false)
    case .adamw(let first, let second, let epsilon):
      Adam(firstDecayRate: first, secondDecayRate: second, epsilon: epsilon)
    }
  }
}
