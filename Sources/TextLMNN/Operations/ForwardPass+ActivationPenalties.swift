public import TextLMTensors

extension ForwardPass {
  /// Adds the penalties on a model's top output that the regularization asks for.
  ///
  /// α · mean(y²) over the dropped output, and β · mean((hₜ − hₜ₋₁)²) over the output h [T, B, D] as
  /// it was, leaving out steps at which a row begins anew. Reference: Stephen Merity, Bryan McCann
  /// and Richard Socher, "Revisiting Activation Regularization for Language RNNs", 2017.
  public func addActivationPenalties(output: Tensor, dropped: Tensor, restarts: Restarts) {
    let (alpha, beta) = (regularization.activation, regularization.temporalActivation)
    if alpha > 0 { addPenalty(multiply(meanSquare(dropped), Tensor(alpha))) }
    if beta > 0, output.shape[0] > 1 {
      addPenalty(multiply(meanSquaredStep(output, restarts: restarts), Tensor(beta)))
    }
  }

  /// The mean of the squares of all elements, of shape `[]`, accumulated in Double.
  func meanSquare(_ input: Tensor) -> Tensor {
    let count = Double(max(input.shape.count, 1))
    let output = Tensor(Float(input.sumOfSquares / count))
    tape?.record(output: output, inputs: [input]) { gradient in
      [input.scaled(by: Float(2 / count) * gradient.item)]
    }
    return output
  }

  /// The mean of the squared differences between neighbouring steps of a sequence [T, B, D], of shape
  /// `[]`.
  private func meanSquaredStep(_ input: Tensor, restarts: Restarts) -> Tensor {
    let (timeLength, batchSize) = (input.shape[0], input.shape[1])
    let counted = (1..<timeLength).flatMap { step in
      (0..<batchSize).map { !restarts.flag(step: step, row: $0, batchSize: batchSize) }
    }
    let differences = input.stepDifferences(counted: counted)
    let count = Double(max(counted.count { $0 } * input.shape[2], 1))
    let output = Tensor(Float(differences.sumOfSquares / count))
    tape?.record(output: output, inputs: [input]) { gradient in
      [differences.scatteringStepDifferences().scaled(by: Float(2 / count) * gradient.item)]
    }
    return output
  }
}
