import TextLMTensors

/// The texts of a batch that one thread at a time reads and writes. The reader of each is its own and shares
/// nothing that changes.
struct TextShare {
  private struct Text: Sendable {
    var course: TextCourse
    /// The token to be read next; nil when the text has ended.
    var token: TokenID?
    /// The text's row among the last ones read.
    var row = 0
  }

  private var texts: [Text]
  private var reader: (any NextTokenReader)?

  /// So many texts or more draw their tokens on several threads, where these have nothing else to do.
  private static let fewestDrawn = 8

  init(_ courses: [TextCourse]) {
    texts = courses.map { Text(course: $0) }
  }

  /// Why each text ended; nil while it goes on.
  var finishReasons: [FinishReason?] { texts.map(\.course.finishReason) }

  /// Whether none of the texts goes on.
  var hasEnded: Bool { texts.allSatisfy { $0.course.finishReason != nil } }

  /// Draws the first tokens, behind a prompt that `reader` has read and `logits` follow.
  mutating func begin(_ reader: any NextTokenReader, _ logits: [Float]) {
    self.reader = reader
    draw([logits])
  }

  /// Reads the last token of each text that goes on, and draws the next.
  mutating func readAndDraw() {
    var rows: [(token: TokenID, origin: Int)] = []
    for index in texts.indices {
      guard let token = texts[index].token else { continue }
      rows.append((token, texts[index].row))
      texts[index].row = rows.count - 1
    }
    guard !rows.isEmpty, let reader else { return }
    draw(reader.logits(after: rows.map(\.token), origins: rows.map(\.origin)))
  }

  /// The tokens of each text that have come out since the last call.
  mutating func takeReleased() -> [[WrittenToken]] {
    texts.indices.map { texts[$0].course.takeReleased() }
  }

  /// Draws the next token of each text that goes on, from its row of logits.
  private mutating func draw(_ logits: [[Float]]) {
    texts.updateOnThreads(fromCount: Self.fewestDrawn) { text in
      text.token = text.course.finishReason == nil ? text.course.next(logits[text.row]) : nil
    }
  }
}
