/// Texts side by side, as the encoders of a classifier read them.
///
/// Each text begins with the boundary, so that there is something of an empty one; what is beyond its end
/// is the boundary too, and counts for nothing.
package struct ClassifierBatch: Sendable {
  /// From the first token of each text on, [T, B], as it is read.
  package let ahead: TokenBatch
  /// The same before any token was disturbed.
  private let written: TokenBatch
  /// Steps of each text, the boundary included.
  let lengths: [Int]

  /// Texts of these tokens. Requires at least one.
  package init(_ texts: [[TokenID]]) {
    lengths = texts.map { $0.count + 1 }
    ahead = TokenBatch(
      rows: texts.map { [Vocabulary.boundary] + $0 }, padding: Vocabulary.boundary)
    written = ahead
  }

  private init(_ ahead: TokenBatch, written: TokenBatch, lengths: [Int]) {
    self.ahead = ahead
    self.written = written
    self.lengths = lengths
  }

  /// The same texts with some tokens disturbed.
  package func disturbed(by noise: TokenNoise, random: inout RandomSource) -> ClassifierBatch {
    ClassifierBatch(
      noise.apply(to: ahead, random: &random), written: written, lengths: lengths)
  }

  /// The tokens of each text as they are read, the boundary first.
  var texts: [[TokenID]] { ahead.rows(lengths: lengths) }

  /// For each place [T, B] the token that its text really has next; −1 where it has none.
  package var nextTokens: [TokenID] {
    let batchSize = ahead.batchSize
    return written.tokens.indices.map { place in
      let (step, row) = place.quotientAndRemainder(dividingBy: batchSize)
      return step + 1 < lengths[row] ? written.tokens[place + batchSize] : -1
    }
  }

  /// The tokens in the order of reading: the boundary first, from whichever end.
  func tokens(_ direction: ReadingDirection) -> TokenBatch {
    guard direction == .backward else { return ahead }
    return TokenBatch(
      counterparts.map { ahead.tokens[Int($0)] }, timeLength: ahead.timeLength,
      batchSize: ahead.batchSize)
  }

  /// Outputs [T, B, D] of a reading backwards beside the tokens that they belong to, in the order of the
  /// text.
  func aligned(_ output: Tensor, _ pass: ForwardPass) -> Tensor {
    let (timeLength, batchSize, width) = (output.shape[0], output.shape[1], output.shape[2])
    return pass.gather(
      TokenBatch(counterparts, timeLength: timeLength, batchSize: batchSize),
      from: output.reshaped(to: [timeLength * batchSize, width]))
  }

  /// For each place [T, B] the one of the same token in the other reading. The boundary is first in both,
  /// and padding stays where it is.
  private var counterparts: [Int32] {
    let batchSize = ahead.batchSize
    return (0..<ahead.timeLength * batchSize).map { place in
      let (step, row) = place.quotientAndRemainder(dividingBy: batchSize)
      let isTurned = step > 0 && step < lengths[row]
      return Int32((isTurned ? lengths[row] - step : step) * batchSize + row)
    }
  }
}
