/// A window of a batch cut where documents begin, at which the model forgets what it has read.
struct WindowParts {
  /// Steps that are read in one go.
  struct Part: Equatable {
    var steps: Range<Int>
    /// Whether each row begins a document at the first of them.
    var resets: [Bool]
  }

  let parts: [Part]

  /// Cuts a window in front of every step at which some row reads a boundary.
  init(_ input: TokenBatch) {
    let rowCount = input.batchSize
    var parts: [Part] = []
    for step in 0..<input.timeLength {
      let row = input.tokens[step * rowCount..<(step + 1) * rowCount]
      if step > 0, !row.contains(Vocabulary.boundary) {
        parts[parts.count - 1].steps = parts[parts.count - 1].steps.lowerBound..<step + 1
      } else {
        parts.append(
          Part(steps: step..<step + 1, resets: row.map { $0 == Vocabulary.boundary }))
      }
    }
    self.parts = parts
  }
}

extension ForwardPass {
  /// The mean loss of a window, -ln p in nats, with the state of a row starting anew wherever the
  /// row reads a boundary.
  package func loss<Model: LanguageModel>(
    of model: Model, _ input: TokenBatch, targets: [TokenID], state: inout Model.State
  ) -> Tensor {
    let initial = model.initialState(batchSize: input.batchSize)
    var total: Tensor?
    for part in WindowParts(input).parts {
      if part.resets.contains(true) {
        state = resetting(state, to: initial, rows: part.resets)
      }
      let places =
        part.steps.lowerBound * input.batchSize..<part.steps.upperBound * input.batchSize
      let tokens = TokenBatch(
        Array(input.tokens[places]), timeLength: part.steps.count, batchSize: input.batchSize)
      let loss = softmaxCrossEntropy(
        model(tokens, state: &state, self), targets: Array(targets[places]))
      if places.count == targets.count { return loss }
      let share = multiply(loss, Tensor(Float(places.count) / Float(targets.count)))
      total = total.map { add($0, share) } ?? share
    }
    return total ?? Tensor(0)
  }
}
