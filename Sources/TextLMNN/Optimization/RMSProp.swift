public import TextLMTensors

/// Steps of the learning rate's size, each element's gradient being divided by its usual size.
///
/// With gradient g, decay rate α, momentum μ and learning rate η, as in PyTorch:
///
/// ```
/// v ← α v + (1 − α) g²
/// a ← α a + (1 − α) g                       where centred
/// d = g / (√v + ε), or g / (√(v − a²) + ε)  where centred
/// b ← μ b + d;  θ ← θ − η b                 θ ← θ − η d where μ = 0
/// ```
///
/// References: Tijmen Tieleman and Geoffrey Hinton, "Lecture 6.5: rmsprop", 2012; centred: Alex Graves,
/// "Generating Sequences With Recurrent Neural Networks", 2013, who has ε inside the root.
public struct RMSProp: Optimizer {
  /// α, how much of the mean square is kept each step.
  public var decayRate: Double
  /// ε, which bounds the steps of elements that hardly ever have a gradient.
  public var epsilon: Double
  /// μ, how much of the last direction is kept.
  public var momentum: Double
  /// Whether the size of a gradient is its standard deviation instead of its root mean square.
  public var isCentered: Bool
  private var counts = StepCounts()
  private var squares = OptimizerSlot("second_moment")
  private var means = OptimizerSlot("first_moment")
  private var buffers = OptimizerSlot("momentum")

  /// An optimizer before its first step. The defaults are PyTorch's.
  public init(
    decayRate: Double = 0.99, epsilon: Double = 1e-8, momentum: Double = 0,
    isCentered: Bool = false
  ) {
    self.decayRate = decayRate
    self.epsilon = epsilon
    self.momentum = momentum
    self.isCentered = isCentered
  }

  /// The number of steps taken.
  public var stepCount: Int { counts.total }

  /// Takes one step. A momentum of the step's own counts only where this one is not 0.
  public mutating func update(
    _ parameters: [Parameter], _ gradients: Gradients, _ step: OptimizationStep
  ) {
    counts.advance()
    let kernel = RMSPropStep(
      decayRate: decayRate, epsilon: epsilon,
      momentum: momentum == 0 ? 0 : step.momentumOverride ?? momentum)
    for parameter in parameters {
      guard let terms = step.terms(for: parameter), let gradient = gradients[parameter] else {
        counts.skip(parameter)
        continue
      }
      parameter.update {
        kernel(
          &$0, square: &squares[parameter],
          mean: &means[optional: parameter, isCentered],
          buffer: &buffers[optional: parameter, momentum != 0], gradient: gradient, terms)
      }
    }
  }

  /// v of parameter `p` under `second_moment.p`, a under `first_moment.p`, b under `momentum.p`.
  public var tensors: [String: Tensor] {
    [squares.tensors, means.tensors, buffers.tensors, counts.tensors].joined()
  }

  /// Goes on where another optimizer was.
  public mutating func restore(
    stepCount: Int, tensors: [String: Tensor], for parameters: [Parameter]
  ) throws(ParameterError) {
    let counts = try StepCounts.restored(total: stepCount, tensors, for: parameters)
    let updated = parameters.filter { counts.updates(of: $0) > 0 }
    let squares = try squares.restored(tensors, for: updated)
    let means = try means.restored(tensors, for: isCentered ? updated : [])
    buffers = try buffers.restored(tensors, for: momentum == 0 ? [] : updated)
    (self.counts, self.squares, self.means) = (counts, squares, means)
  }
}
