extension ForwardPass {
  /// The mean loss of a window, -ln p in nats, with the state of a row starting anew wherever the
  /// row reads a boundary.
  package func loss<Model: LanguageModel>(
    of model: Model, _ input: TokenBatch, targets: [TokenID], state: inout Model.State
  ) -> Tensor {
    let restarting = TokenBatch(
      input.tokens, timeLength: input.timeLength, batchSize: input.batchSize,
      restarts: Restarts(input.tokens.map { $0 == Vocabulary.boundary }))
    return softmaxCrossEntropy(model(restarting, state: &state, self), targets: targets)
  }
}
