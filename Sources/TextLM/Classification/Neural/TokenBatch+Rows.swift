extension TokenBatch {
  /// Sequences of tokens side by side, with `padding` beyond the end of each. Requires at least one.
  init(rows: [[TokenID]], padding: TokenID) {
    let timeLength = rows.reduce(0) { max($0, $1.count) }
    var tokens = [TokenID](repeating: padding, count: timeLength * rows.count)
    for (row, sequence) in rows.enumerated() {
      for (step, token) in sequence.enumerated() { tokens[step * rows.count + row] = token }
    }
    self.init(tokens, timeLength: timeLength, batchSize: rows.count)
  }

  /// Some steps of all sequences, none of which begins anew.
  func steps(_ range: Range<Int>) -> TokenBatch {
    TokenBatch(
      Array(tokens[range.lowerBound * batchSize..<range.upperBound * batchSize]),
      timeLength: range.count, batchSize: batchSize)
  }

  /// The sequences again: the first lengths[b] tokens of each row b.
  func rows(lengths: [Int]) -> [[TokenID]] {
    lengths.enumerated().map { row, length in
      (0..<length).map { tokens[$0 * batchSize + row] }
    }
  }
}
