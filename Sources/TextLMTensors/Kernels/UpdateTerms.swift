import CTextLMKernels

/// What every optimizer does with a gradient before, and with a weight after its own part of a step.
///
/// ```
/// g = gradientScale · clamp(gradient, ±gradientLimit) + l2 · θ
/// θ ← θ (1 − η · weightDecay) − step
/// θ ← sign(θ) · max(|θ| − η · l1, 0)
/// ```
package struct UpdateTerms: Sendable, Equatable {
  /// η
  package var learningRate: Double
  /// What the gradient is multiplied with.
  package var gradientScale = 1.0
  /// The greatest size of an element of the gradient; infinite for none.
  package var gradientLimit = Double.infinity
  /// Decay beside the gradient.
  package var weightDecay = 0.0
  /// The weight's part in its own gradient.
  package var l2 = 0.0
  /// The proximal step of Σ |θ|.
  package var l1 = 0.0

  /// Terms of a step that does nothing but follow the gradient.
  package init(learningRate: Double) {
    self.learningRate = learningRate
  }

  var kernelValue: tlm_update {
    tlm_update(
      learning_rate: Float(learningRate), gradient_scale: Float(gradientScale),
      gradient_limit: Float(gradientLimit), weight_decay: Float(weightDecay), l2: Float(l2),
      l1: Float(l1))
  }

  /// Stops on a gradient or a buffer whose shape is not the weight's.
  static func require(_ others: [Tensor?], likeWeight weight: Tensor, _ rule: String) {
    for case let other? in others where other.shape != weight.shape {
      fatalError("\(rule): a gradient or buffer \(other.shape) for a weight \(weight.shape)")
    }
  }
}
