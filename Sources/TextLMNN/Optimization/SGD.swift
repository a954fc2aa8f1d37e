public import TextLMTensors

/// Stochastic gradient descent, with momentum if wanted.
///
/// With gradient g, momentum μ, dampening τ and learning rate η, as in PyTorch:
///
/// ```
/// b ← μ b + (1 − τ) g, at a parameter's first step b ← g
/// θ ← θ − η b, or θ − η (g + μ b) with Nesterov's
/// ```
///
/// References: Boris Polyak, "Some methods of speeding up the convergence of iteration methods", 1964;
/// Ilya Sutskever et al., "On the importance of initialization and momentum in deep learning", 2013.
public struct SGD: Optimizer {
  /// μ, how much of the last direction is kept; 0 for the plain gradient.
  public var momentum: Double
  /// τ, what part of a gradient does not come to the direction.
  public var dampening: Double
  /// Whether the step looks ahead along the new direction.
  public var isNesterov: Bool
  private var counts = StepCounts()
  private var buffers = OptimizerSlot("momentum")

  /// An optimizer before its first step.
  public init(momentum: Double = 0, dampening: Double = 0, isNesterov: Bool = false) {
    self.momentum = momentum
    self.dampening = dampening
    self.isNesterov = isNesterov
  }

  /// The number of steps taken.
  public var stepCount: Int { counts.total }

  /// Takes one step. A momentum of the step's own counts only where this one is not 0.
  public mutating func update(
    _ parameters: [Parameter], _ gradients: Gradients, _ step: OptimizationStep
  ) {
    counts.advance()
    let momentum = self.momentum == 0 ? 0 : step.momentumOverride ?? self.momentum
    for parameter in parameters {
      guard let terms = step.terms(for: parameter), let gradient = gradients[parameter] else {
        counts.skip(parameter)
        continue
      }
      guard self.momentum != 0 else {
        parameter.update { SGDStep.withoutMomentum(&$0, gradient: gradient, terms) }
        continue
      }
      let isFirst = counts.updates(of: parameter) == 1
      let kernel = SGDStep(
        keep: momentum, take: isFirst ? 1 : 1 - dampening, lookahead: isNesterov ? momentum : nil)
      parameter.update {
        kernel(&$0, buffer: &buffers[parameter], gradient: gradient, terms)
      }
    }
  }

  /// b of parameter `p` under `momentum.p`.
  public var tensors: [String: Tensor] { [buffers.tensors, counts.tensors].joined() }

  /// Goes on where another optimizer was.
  public mutating func restore(
    stepCount: Int, tensors: [String: Tensor], for parameters: [Parameter]
  ) throws(ParameterError) {
    let counts = try StepCounts.restored(total: stepCount, tensors, for: parameters)
    let updated = momentum == 0 ? [] : parameters.filter { counts.updates(of: $0) > 0 }
    buffers = try buffers.restored(tensors, for: updated)
    self.counts = counts
  }
}
