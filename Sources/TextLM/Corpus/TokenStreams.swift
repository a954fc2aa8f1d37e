/// Equally long stretches of many tokens, read side by side: the rows of batches.
///
/// At step t row b reads `tokens[starts[b] + t]` and is to predict the token behind it.
public struct TokenStreams: Sendable, Equatable {
  /// All tokens.
  public let tokens: TokenStore
  /// Where each row begins.
  public let starts: [Int]
  /// Predictions in each row.
  public let length: Int

  /// Rows that lie within `tokens` and leave one more for the last target.
  public init(tokens: TokenStore, starts: [Int], length: Int) {
    precondition(
      starts.allSatisfy { $0 >= 0 && $0 + length < tokens.count },
      "token streams: rows of \(length) do not fit \(tokens.count) tokens")
    self.tokens = tokens
    self.starts = starts
    self.length = length
  }

  /// Cuts tokens into `rowCount` rows, one behind the other.
  public init(cutting tokens: TokenStore, into rowCount: Int) {
    let length = (tokens.count - 1) / rowCount
    self.init(tokens: tokens, starts: (0..<rowCount).map { $0 * length }, length: length)
  }

  /// Windows of `sequenceLength` steps in an epoch; the last one may be shorter.
  public func windowCount(sequenceLength: Int) -> Int {
    (length + sequenceLength - 1) / sequenceLength
  }

  /// The inputs and targets of steps within `length`, time-major.
  public func window(_ steps: Range<Int>) -> (input: TokenBatch, targets: [TokenID]) {
    window(steps, from: starts)
  }

  /// The same for rows that begin elsewhere.
  func window(
    _ steps: Range<Int>, from starts: [Int]
  ) -> (input: TokenBatch, targets: [TokenID]) {
    var input: [TokenID] = []
    var targets: [TokenID] = []
    input.reserveCapacity(steps.count * starts.count)
    targets.reserveCapacity(steps.count * starts.count)
    for step in steps {
      for start in starts {
        input.append(tokens[start + step])
        targets.append(tokens[start + step + 1])
      }
    }
    tokens.noteAccess(placeCount: starts.count)
    return (TokenBatch(input, timeLength: steps.count, batchSize: starts.count), targets)
  }
}
