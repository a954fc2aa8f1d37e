public import TextLMTensors

extension ForwardPass {
  /// The mean over all targets of −log softmax(logits)[target], in nats, of shape `[]`.
  ///
  /// Logits are [.., V], one row a target. A negative target leaves its row out of the mean; the
  /// mean of no target at all is 0. The sum is accumulated in Double. Requires as many targets as
  /// rows, each below V.
  public func softmaxCrossEntropy(_ logits: Tensor, targets: [Int32]) -> Tensor {
    let counted = max(targets.count { $0 >= 0 }, 1)
    guard let tape, tape.tracks(logits) else {
      return Tensor(Float(logits.crossEntropyLosses(targets: targets).sum / Double(counted)))
    }
    // softmax − onehot falls out of the loss, so the gradient is made here for a loss gradient of
    // 1.
    let (losses, logitsGradient) = logits.crossEntropyWithGradient(
      targets: targets, gradientScale: 1 / Float(counted))
    let output = Tensor(Float(losses.sum / Double(counted)))
    tape.record(output: output, inputs: [logits]) { gradient in
      let factor = gradient.item
      return [factor == 1 ? logitsGradient : logitsGradient.scaled(by: factor)]
    }
    return output
  }
}
