import TextLMTensors

/// Token ids of several sequences side by side: T steps of B rows, time-major.
public struct TokenBatch: Sendable, Equatable {
  /// The id at step t of row b is `tokens[t * batchSize + b]`.
  public let tokens: [Int32]
  /// T, the number of steps.
  public let timeLength: Int
  /// B, the number of rows.
  public let batchSize: Int
  /// Where rows begin anew.
  public let restarts: Restarts

  /// Requires T · B ids and at least one row.
  public init(
    _ tokens: [Int32], timeLength: Int, batchSize: Int, restarts: Restarts = .none
  ) {
    require(
      batchSize > 0 && tokens.count == timeLength * batchSize,
      "token batch: \(tokens.count) tokens are not \(timeLength) steps of \(batchSize) rows")
    self.tokens = tokens
    self.timeLength = timeLength
    self.batchSize = batchSize
    self.restarts = restarts
  }
}
