extension TrainerSettings {
  /// An optimizer step along these gradients.
  func step(
    learningRate: Double, gradients: Gradients, momentum: Double?,
    rateFactors: [String: Double] = [:]
  ) -> OptimizationStep {
    var step = OptimizationStep(learningRate: learningRate, rateFactors: rateFactors)
    step.gradientScale = clip?.scale(norm: gradients.globalNorm) ?? 1
    step.gradientLimit = gradientLimit
    (step.weightDecay, step.l2, step.l1) = (weightDecay, l2, l1)
    step.momentumOverride = momentum
    return step
  }
}
