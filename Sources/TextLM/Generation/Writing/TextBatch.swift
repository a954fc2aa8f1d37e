import TextLMTensors

/// Several texts being written side by side after one prompt: one call of the model for a token of
/// each, or where they are many, one on each thread for its share of them.
///
/// Each text has a sampler of its own and is, but for the rounding of sums in another order, the one
/// that would be written alone.
public struct TextBatch {
  /// Texts that are written side by side where many are: more would hardly be faster.
  public static var standardSize: Int { max(256, Engine.threadCount * fewestShared) }

  /// Reads the prompt; then the first share has it.
  private var reader: (any NextTokenReader)?
  private let prompt: [TokenID]
  /// All texts in their order.
  private var shares: [TextShare]

  /// A thread reads for so many texts or more by itself; of fewer from the beginning, all threads share each
  /// product.
  private static let fewestShared = 16

  init(reader: any NextTokenReader, prompt: [TokenID], courses: [TextCourse]) {
    self.reader = reader
    self.prompt = [Vocabulary.boundary] + prompt
    let threadCount = Engine.threadCount
    let shareCount = courses.count >= threadCount * Self.fewestShared ? threadCount : 1
    shares = (0..<shareCount).map { share in
      let first = share * courses.count / shareCount
      let end = (share + 1) * courses.count / shareCount
      return TextShare(Array(courses[first..<end]))
    }
  }

  /// Why each text ended; nil while it goes on.
  public var finishReasons: [FinishReason?] { shares.flatMap(\.finishReasons) }

  /// Writes one more token of every text that goes on, and gives for each text the tokens that are
  /// certain with it; nil when all have ended.
  public mutating func nextSteps() -> [[WrittenToken]]? {
    let going = shares.indices.filter { !shares[$0].hasEnded }
    guard !going.isEmpty else { return nil }
    if let reader {
      let logits = reader.logits(after: prompt)
      for index in shares.indices {
        shares[index].begin(index == 0 ? reader : reader.copy(), logits)
      }
      self.reader = nil
    } else if going.count == 1 {
      // Outside a region its products are shared among the threads.
      shares[going[0]].readAndDraw()
    } else {
      shares.updateUncheckedOnThreads(fromCount: 2) { $0.readAndDraw() }
    }
    return shares.indices.flatMap { shares[$0].takeReleased() }
  }
}
