extension EncoderNetwork {
  /// Steps of many texts that are read at once: of so few, what one layer says is still in a cache when the
  /// next one reads it, and the memory of one stretch serves for the next.
  private static var stretchLength: Int { 64 }

  /// Without attention each encoder reads stretches of all texts, and what the pooling needs of one is a few
  /// vectors.
  func logits(_ batch: ClassifierBatch, _ pass: ForwardPass) -> Tensor {
    guard attention == nil else { return self(batch, pass).logits }
    let sides = zip(directions, encoders).map { direction, encoder in
      let tokens = batch.tokens(direction)
      var state = encoder.initialState(batchSize: tokens.batchSize)
      var pool = BatchPool(lengths: batch.lengths)
      for start in stride(from: 0, to: tokens.timeLength, by: Self.stretchLength) {
        let end = min(start + Self.stretchLength, tokens.timeLength)
        pool.add(encoder.read(tokens.steps(start..<end), from: embedding, state: &state, pass))
      }
      return pool.vectors(pooling)
    }
    let vectors = batch.lengths.indices.flatMap { row in sides.flatMap { $0[row] } }
    let rowCount = batch.lengths.count
    return head(
      Tensor(vectors, shape: [rowCount, vectors.count / rowCount]), batch, pass)
  }

  /// Each encoder carries its state from window to window, in its own direction, and what the pooling needs
  /// of a window is a few vectors. Attention needs what both encoders say of the same token: the one that
  /// reads backwards reads the text once for its states in front of the windows, and again with the other
  /// one.
  func reading(
    _ text: [TokenID], windowLength: Int, _ pass: ForwardPass
  ) -> ClassifierOutput {
    let windows =
      [[Vocabulary.boundary]]
      + stride(from: 0, to: text.count, by: windowLength).map {
        Array(text[$0..<Swift.min($0 + windowLength, text.count)])
      }
    if let attention { return attending(to: windows, of: text, by: attention, pass) }
    let vector = zip(directions, encoders).flatMap { direction, encoder -> [Float] in
      var state = encoder.initialState(batchSize: 1)
      var pool = StepPool()
      for index in Self.order(of: windows, direction) {
        pool.add(read(windows[index], encoder, direction, state: &state, pass))
      }
      return pool.vector(pooling)
    }
    return ClassifierOutput(logits: head.reading(vector, of: text, pass), weights: nil)
  }

  private func attending(
    to windows: [[TokenID]], of text: [TokenID], by attention: AttentionPooling,
    _ pass: ForwardPass
  ) -> ClassifierOutput {
    let states = directions.count == 2 ? backwardStates(before: windows, pass) : []
    var state = encoders[0].initialState(batchSize: 1)
    var sum = AttentionSum()
    for (index, window) in windows.enumerated() {
      var hidden = read(window, encoders[0], .forward, state: &state, pass)
      if directions.count == 2 {
        var own = states[index]
        let back = read(window, encoders[1], .backward, state: &own, pass)
        hidden = pass.concatenate(hidden, pass.reverseInTime(back, lengths: [window.count]))
      }
      sum.add(hidden, scores: attention.scores(hidden, pass))
    }
    let weights = sum.weights
    return ClassifierOutput(
      logits: head.reading(sum.vector, of: text, pass),
      weights: Tensor(weights, shape: [weights.count, 1]))
  }

  /// The state of the backward encoder in front of each window, by the window's number.
  private func backwardStates(
    before windows: [[TokenID]], _ pass: ForwardPass
  ) -> [Encoder.State] {
    var state = encoders[1].initialState(batchSize: 1)
    var states = [Encoder.State](repeating: state, count: windows.count)
    for index in Self.order(of: windows, .backward) {
      states[index] = state
      _ = read(windows[index], encoders[1], .backward, state: &state, pass)
    }
    return states
  }

  /// The windows' numbers in the order of reading; the first is the boundary from either end.
  private static func order(of windows: [[TokenID]], _ direction: ReadingDirection) -> [Int] {
    [0] + direction.ordered(Array(windows.indices.dropFirst()))
  }

  /// The outputs [T, 1, H] for a window, in the order of reading.
  private func read(
    _ window: [TokenID], _ encoder: Encoder, _ direction: ReadingDirection,
    state: inout Encoder.State, _ pass: ForwardPass
  ) -> Tensor {
    let tokens = TokenBatch(
      direction.ordered(window), timeLength: window.count, batchSize: 1)
    return encoder.read(tokens, from: embedding, state: &state, pass)
  }
}
