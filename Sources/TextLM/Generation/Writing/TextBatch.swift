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
  private var courses: [TextCourse]
  /// The texts that go on, each with the token it has to read and its row among the last ones; none
  /// before the prompt is read.
  private var rows: [(text: Int, token: TokenID, origin: Int)] = []

  init(reader: any NextTokenReader, prompt: [TokenID], courses: [TextCourse]) {
    self.reader = reader
    self.prompt = [Vocabulary.boundary] + prompt
    self.courses = courses
  }

  /// Why each text ended; nil while it goes on.
  public var finishReasons: [FinishReason?] { courses.map(\.finishReason) }

  /// Writes one more token of every text that goes on, and gives for each text the tokens that are
  /// certain with it; nil when all have ended.
  public mutating func nextSteps() -> [[WrittenToken]]? {
    guard courses.contains(where: { $0.finishReason == nil }) else { return nil }
    let isFirst = rows.isEmpty
    // All begin with the same prompt, which is read once.
    let logits =
      isFirst
      ? [reader.logits(after: prompt)]
      : reader.logits(after: rows.map(\.token), origins: rows.map(\.origin))
    let texts = isFirst ? Array(courses.indices) : rows.map(\.text)
    rows = []
    for (place, text) in texts.enumerated() where courses[text].finishReason == nil {
      let row = isFirst ? 0 : place
      if let token = courses[text].next(logits[row]) { rows.append((text, token, origin: row)) }
    }
    return courses.indices.map { courses[$0].takeReleased() }
  }
}
