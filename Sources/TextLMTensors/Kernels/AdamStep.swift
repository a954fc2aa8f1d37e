import CTextLMKernels

/// The numbers of one step of Adam, which are the same for every element of a tensor.
///
/// With the gradient g that `UpdateTerms` makes:
///
/// ```
/// m ← β₁ m + (1 − β₁) g
/// v ← β₂ v + (1 − β₂) g²
/// step = η (m / correction₁) / (√(v / correction₂) + ε)
/// ```
package struct AdamStep {
  /// β₁ and β₂
  package var decayRates: (first: Double, second: Double)
  /// 1 − β₁ᵗ and 1 − β₂ᵗ at step t = 1, 2, …
  package var corrections: (first: Double, second: Double)
  /// ε
  package var epsilon: Double

  /// Nothing but the fields.
  package init(
    decayRates: (first: Double, second: Double), corrections: (first: Double, second: Double),
    epsilon: Double
  ) {
    self.decayRates = decayRates
    self.corrections = corrections
    self.epsilon = epsilon
  }

  /// Takes the step, in place for tensors whose memory nobody else holds. Requires four equal
  /// shapes.
  package func callAsFunction(
    _ value: inout Tensor, firstMoment: inout Tensor, secondMoment: inout Tensor, gradient: Tensor,
    _ terms: UpdateTerms
  ) {
    let shape = value.shape
    UpdateTerms.require([gradient, firstMoment, secondMoment], likeWeight: value, "Adam")
    let settings = tlm_adam_settings(
      beta1: Float(decayRates.first), beta2: Float(decayRates.second), epsilon: Float(epsilon),
      correction1: Float(corrections.first), correction2: Float(corrections.second))
    withExtendedLifetime(gradient) {
      value.overwrite { oldValue, newValue in
        firstMoment.overwrite { oldFirst, newFirst in
          secondMoment.overwrite { oldSecond, newSecond in
            tlm_adam(
              shape.count, terms.kernelValue, settings, gradient.address, oldValue, oldFirst,
              oldSecond, newValue, newFirst, newSecond)
          }
        }
      }
    }
  }
}
