/// The loss of a window.
package struct WindowLoss {
  /// Mean −ln p of the targets, in nats: what is reported.
  package let crossEntropy: Tensor
  /// What is differentiated: the cross-entropy with label smoothing and all penalties.
  package let objective: Tensor
}

extension ForwardPass {
  /// The mean loss of a window, with the state of a row starting anew wherever the row reads a
  /// boundary.
  package func loss<Model: LanguageModel>(
    of model: Model, _ input: TokenBatch, targets: [TokenID], state: inout Model.State
  ) -> WindowLoss {
    let restarting = TokenBatch(
      input.tokens, timeLength: input.timeLength, batchSize: input.batchSize,
      restarts: Restarts(input.tokens.map { $0 == Vocabulary.boundary }))
    let logits = model(restarting, state: &state, self)
    if regularization.labelSmoothing > 0 {
      addPenalty(
        labelSmoothing(logits, targets: targets, smoothing: regularization.labelSmoothing))
    }
    let crossEntropy = softmaxCrossEntropy(logits, targets: targets)
    return WindowLoss(
      crossEntropy: crossEntropy, objective: penalty.map { add(crossEntropy, $0) } ?? crossEntropy)
  }
}
