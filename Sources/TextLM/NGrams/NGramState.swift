/// What an n-gram model remembers of several texts: the last N − 1 tokens of each.
public struct NGramState: EncoderState {
  /// The tokens in the order in which they were read, [B, N − 1]; −1 where nothing was read yet.
  let tokens: Tensor

  /// The state before any text.
  init(batchSize: Int, order: Int) {
    self.init(tokens: Tensor(repeating: -1, shape: [batchSize, order - 1]))
  }

  init(tokens: Tensor) {
    self.tokens = tokens
  }

  /// The state with its tensor replaced.
  public func mapTensors(_ transform: (Tensor) throws -> Tensor) rethrows -> NGramState {
    NGramState(tokens: try transform(tokens))
  }
}
