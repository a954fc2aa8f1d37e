import TextLMTensors

/// Several texts being written side by side after one prompt: one call of the model for a token of
/// each.
///
/// Each text has a sampler of its own and is, but for the rounding of sums in another order, the one
/// that would be written alone.
public struct TextBatch {
  /// Texts that are written side by side where many are: more would hardly be faster.
  public static let standardSize = 256

  private let reader: any NextTokenReader
  private let prompt: [TokenID]
  private var texts: [Text]
  private var hasReadPrompt = false

  private struct Text: Sendable {
    var course: TextCourse
    /// The token to be read next; nil before the first and when the text has ended.
    var token: TokenID?
    /// The text's row among the last ones read: at first that of the prompt, which all share.
    var row = 0
  }

  /// So many texts or more draw their tokens on several threads.
  private static let fewestShared = 8

  init(reader: any NextTokenReader, prompt: [TokenID], courses: [TextCourse]) {
    self.reader = reader
    self.prompt = [Vocabulary.boundary] + prompt
    texts = courses.map { Text(course: $0) }
  }

  /// Why each text ended; nil while it goes on.
  public var finishReasons: [FinishReason?] { texts.map(\.course.finishReason) }

  /// Writes one more token of every text that goes on, and gives for each text the tokens that are
  /// certain with it; nil when all have ended.
  public mutating func nextSteps() -> [[WrittenToken]]? {
    guard texts.contains(where: { $0.course.finishReason == nil }) else { return nil }
    let logits = read()
    texts.updateOnThreads(fromCount: Self.fewestShared) { text in
      text.token = text.course.finishReason == nil ? text.course.next(logits[text.row]) : nil
    }
    return texts.indices.map { texts[$0].course.takeReleased() }
  }

  /// Reads the prompt, or the last token of each text that goes on; the logits of what follows, [V]
  /// a row.
  private mutating func read() -> [[Float]] {
    guard hasReadPrompt else {
      hasReadPrompt = true
      return [reader.logits(after: prompt)]
    }
    var rows: [(token: TokenID, origin: Int)] = []
    for index in texts.indices {
      guard let token = texts[index].token else { continue }
      rows.append((token, texts[index].row))
      texts[index].row = rows.count - 1
    }
    return reader.logits(after: rows.map(\.token), origins: rows.map(\.origin))
  }
}
