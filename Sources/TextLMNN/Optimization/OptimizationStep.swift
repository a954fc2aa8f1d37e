import TextLMTensors

/// What one optimizer step is told, beside the gradients.
///
/// Penalties and decay act on parameters of two and more axes only: biases and gains are not what
/// learns a text by heart.
public struct OptimizationStep: Sendable, Equatable {
  /// η, the size of the step.
  public var learningRate: Double
  /// What all gradients are multiplied with, `GradientClip`'s answer for example.
  public var gradientScale: Double
  /// c: each element of the raw gradient is held within ±c; nil for no limit.
  public var gradientLimit: Double?
  /// λ, decoupled: θ loses the part η λ beside what the gradient does. `Adam` with coupled decay adds
  /// λ θ to the gradient instead.
  public var weightDecay: Double
  /// The weight of ½ Σ θ²: this times θ is added to the gradient.
  public var l2: Double
  /// The weight of Σ |θ|, as a proximal step: θ ← sign(θ) · max(|θ| − η · l1, 0), which makes exact
  /// zeros.
  public var l1: Double
  /// Factors of the learning rate by parameters' paths: absent is 1, and 0 is frozen, which leaves
  /// the parameter and its moments untouched.
  public var rateFactors: [String: Double]
  /// β₁ of Adam or the momentum of the others in this step, as a one-cycle schedule wants it; nil for
  /// the optimizer's own.
  public var momentumOverride: Double?

  /// A step of these values; by default it does nothing but follow the gradient.
  public init(
    learningRate: Double, gradientScale: Double = 1, gradientLimit: Double? = nil,
    weightDecay: Double = 0, l2: Double = 0, l1: Double = 0, rateFactors: [String: Double] = [:],
    momentumOverride: Double? = nil
  ) {
    self.learningRate = learningRate
    self.gradientScale = gradientScale
    self.gradientLimit = gradientLimit
    self.weightDecay = weightDecay
    self.l2 = l2
    self.l1 = l1
    self.rateFactors = rateFactors
    self.momentumOverride = momentumOverride
  }

  /// What a kernel is told for one parameter; nil for a frozen one.
  func terms(for parameter: Parameter) -> UpdateTerms? {
    let factor = rateFactors[parameter.path] ?? 1
    guard factor != 0 else { return nil }
    var terms = UpdateTerms(learningRate: learningRate * factor)
    terms.gradientScale = gradientScale
    terms.gradientLimit = gradientLimit ?? .infinity
    if parameter.shape.rank >= 2 {
      (terms.weightDecay, terms.l2, terms.l1) = (weightDecay, l2, l1)
    }
    return terms
  }
}
