public import TextLMTensors

extension ForwardPass {
  /// What label smoothing adds to the mean cross-entropy of all targets, in nats, of shape `[]`.
  ///
  /// The smoothed loss of a row of logits z [V] with target t is
  ///
  /// ```
  /// (1 − ε) (−ln pₜ) + ε / V · Σₖ −ln pₖ = −ln pₜ + ε (zₜ − mean z)
  /// ```
  ///
  /// because every −ln pₖ is ln Σ eᶻ − zₖ; so the plain loss stays apart, to be reported. A negative
  /// target leaves its row out. Requires as many targets as rows, each below V.
  ///
  /// Reference: Christian Szegedy et al., "Rethinking the Inception Architecture for Computer Vision",
  /// 2016.
  public func labelSmoothing(_ logits: Tensor, targets: [Int32], smoothing: Float) -> Tensor {
    require(
      targets.count == logits.shape.rowCount,
      "label smoothing: \(targets.count) targets for logits \(logits.shape)")
    let counted = max(targets.count { $0 >= 0 }, 1)
    let coefficients = logits.smoothingCoefficients(
      targets: targets, smoothing: smoothing / Float(counted))
    let output = Tensor(Float(coefficients.dotProduct(with: logits)))
    tape?.record(output: output, inputs: [logits]) { [coefficients.scaled(by: $0.item)] }
    return output
  }
}
