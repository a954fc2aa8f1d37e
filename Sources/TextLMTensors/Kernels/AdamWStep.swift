import CTextLMKernels

/// The numbers of one AdamW step, which are the same for every element of a tensor.
///
/// ```
/// g = gradientScale · gradient
/// m ← β₁ m + (1 − β₁) g
/// v ← β₂ v + (1 − β₂) g²
/// θ ← θ (1 − η λ) − η (m / correction₁) / (√(v / correction₂) + ε)
/// ```
package struct AdamWStep {
  /// η
  package var learningRate: Double
  /// β₁ and β₂
  package var decayRates: (first: Double, second: Double)
  /// 1 − β₁ᵗ and 1 − β₂ᵗ at step t = 1, 2, …
  package var corrections: (first: Double, second: Double)
  /// ε
  package var epsilon: Double
  /// λ
  package var weightDecay: Double
  /// What the gradient is multiplied with first.
  package var gradientScale: Double

  /// Nothing but the fields.
  package init(
    learningRate: Double, decayRates: (first: Double, second: Double),
    corrections: (first: Double, second: Double), epsilon: Double, weightDecay: Double,
    gradientScale: Double
  ) {
    self.learningRate = learningRate
    self.decayRates = decayRates
    self.corrections = corrections
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.gradientScale = gradientScale
  }

  /// Takes the step, in place for tensors whose memory nobody else holds. Requires four equal
  /// shapes.
  package func callAsFunction(
    _ value: inout Tensor, firstMoment: inout Tensor, secondMoment: inout Tensor, gradient: Tensor
  ) {
    let shape = value.shape
    require(
      gradient.shape == shape && firstMoment.shape == shape && secondMoment.shape == shape,
      """
      AdamW: value \(shape), gradient \(gradient.shape) and moments \(firstMoment.shape), \
      \(secondMoment.shape) differ
      """)
    let settings = tlm_adamw_settings(
      learning_rate: Float(learningRate), beta1: Float(decayRates.first),
      beta2: Float(decayRates.second), epsilon: Float(epsilon), weight_decay: Float(weightDecay),
      correction1: Float(corrections.first), correction2: Float(corrections.second),
      gradient_scale: Float(gradientScale))
    withExtendedLifetime(gradient) {
      value.overwrite { oldValue, newValue in
        firstMoment.overwrite { oldFirst, newFirst in
          secondMoment.overwrite { oldSecond, newSecond in
            tlm_adamw(
              shape.count, settings, gradient.address, oldValue, oldFirst, oldSecond,
              newValue, newFirst, newSecond)
          }
        }
      }
    }
  }
}
