public import TextLMTensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Steps of about the learning rate's size in each element, whatever the gradients'.
///
/// At a parameter's step t = 1, 2, … with gradient g and learning rate η:
///
/// ```
/// m ← β₁ m + (1 − β₁) g
/// v ← β₂ v + (1 − β₂) g²
/// θ ← θ (1 − η λ) − η (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)
/// ```
///
/// With decoupled weight decay λ, as here, this is AdamW. Otherwise g ← g + λ θ, and θ is not shortened
/// beside it: PyTorch's Adam, where decay is weak on weights of large gradients.
///
/// References: Diederik Kingma and Jimmy Ba, "Adam: A Method for Stochastic Optimization", 2015; Ilya
/// Loshchilov and Frank Hutter, "Decoupled Weight Decay Regularization", 2019.
public struct Adam: Optimizer {
  /// β₁, how much of the mean gradient is kept each step.
  public var firstDecayRate: Double
  /// β₂, how much of the mean squared gradient is kept each step.
  public var secondDecayRate: Double
  /// ε, which bounds the steps of elements that hardly ever have a gradient.
  public var epsilon: Double
  /// Whether weight decay acts beside the gradient, as in AdamW, and not through it.
  public var isDecayDecoupled: Bool
  private var counts = StepCounts()
  private var firstMoments = OptimizerSlot("first_moment")
  private var secondMoments = OptimizerSlot("second_moment")

  /// An optimizer before its first step. The defaults are those of PyTorch's AdamW.
  public init(
    firstDecayRate: Double = 0.9, secondDecayRate: Double = 0.999, epsilon: Double = 1e-8,
    isDecayDecoupled: Bool = true
  ) {
    self.firstDecayRate = firstDecayRate
    self.secondDecayRate = secondDecayRate
    self.epsilon = epsilon
    self.isDecayDecoupled = isDecayDecoupled
  }

  /// The number of steps taken.
  public var stepCount: Int { counts.total }

  /// Takes one step.
  public mutating func update(
    _ parameters: [Parameter], _ gradients: Gradients, _ step: OptimizationStep
  ) {
    counts.advance()
    let beta = step.momentumOverride ?? firstDecayRate
    for parameter in parameters {
      guard var terms = step.terms(for: parameter), let gradient = gradients[parameter] else {
        counts.skip(parameter)
        continue
      }
      if !isDecayDecoupled {
        terms.l2 += terms.weightDecay
        terms.weightDecay = 0
      }
      let time = Double(counts.updates(of: parameter))
      let kernel = AdamStep(
        decayRates: (beta, secondDecayRate),
        corrections: (1 - pow(beta, time), 1 - pow(secondDecayRate, time)), epsilon: epsilon)
      parameter.update {
        kernel(
          &$0, firstMoment: &firstMoments[parameter], secondMoment: &secondMoments[parameter],
          gradient: gradient, terms)
      }
    }
  }

  /// m of parameter `p` under `first_moment.p`, v under `second_moment.p`.
  public var tensors: [String: Tensor] {
    [firstMoments.tensors, secondMoments.tensors, counts.tensors].joined()
  }

  /// Goes on where another optimizer was.
  public mutating func restore(
    stepCount: Int, tensors: [String: Tensor], for parameters: [Parameter]
  ) throws(ParameterError) {
    let counts = try StepCounts.restored(total: stepCount, tensors, for: parameters)
    let updated = parameters.filter { counts.updates(of: $0) > 0 }
    let first = try firstMoments.restored(tensors, for: updated)
    secondMoments = try secondMoments.restored(tensors, for: updated)
    (self.counts, firstMoments) = (counts, first)
  }
}
