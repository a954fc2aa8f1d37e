/// Texts as tokens, with what is true of each.
struct EncodedExamples: Sendable {
  let tokens: [[TokenID]]
  let truth: [[Int]]

  init(_ examples: ClassifierExamples, _ tokenizer: Tokenizer) {
    tokens = examples.texts.map { tokenizer.encode($0) }
    truth = examples.truth
  }

  /// Steps of each text that are read at once at most, the boundary included.
  func stepCounts(windowLength: Int) -> [Int] {
    tokens.map { min($0.count, windowLength) + 1 }
  }
}
