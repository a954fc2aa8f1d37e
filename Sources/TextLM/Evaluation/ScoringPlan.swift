/// Which tokens are predicted, and from how much text before each.
///
/// A document's tokens are predicted in order, the first from the boundary token, and its end as the
/// boundary token of the next one where ends are asked for. A long document
/// is read in up to 64 stretches side by side, because one row at a time leaves most of a processor
/// idle. Each stretch but the first begins with `warmUpLength` tokens that are only read, so every
/// prediction has at least that many tokens before it, or all there are; an LSTM's state has then
/// forgotten where it began, and the sums agree with those of one long pass to about 0.0001 nats
/// per token. A `ScoringContext` asks for that one pass, or for less text before.
public struct ScoringPlan: Sendable, Equatable {
  /// A stretch of tokens: reads `tokens[start..<end]` and predicts the token behind each, counting
  /// those from `scoredFrom` on.
  struct Row: Sendable, Equatable {
    var start: Int
    var scoredFrom: Int
    var end: Int
  }

  /// Tokens that a stretch reads before its predictions count.
  public static let warmUpLength = 512
  /// A stretch counts at least so many predictions, of which warming up costs an eighth.
  public static let stretchLength = 8 * warmUpLength
  /// Most rows of a batch.
  static let mostRows = 64

  /// All documents behind each other, each begun by the boundary token.
  let tokens: TokenStore
  let rows: [Row]

  /// Predicts every token of every document but the first `uncounted`, which are only read, and with
  /// `includesEnds` its end.
  public init(
    documents: [[TokenID]], uncounted: Int = 0, includesEnds: Bool = false,
    context: ScoringContext = .standard
  ) {
    self.init(
      tokens: TokenStore(
        documents.flatMap { [Vocabulary.boundary] + $0 }
          + (includesEnds ? [Vocabulary.boundary] : [])),
      uncounted: uncounted, includesEnds: includesEnds, context: context)
  }

  /// Predicts every token of every document but the first `uncounted`, each begun by the boundary
  /// token, and with `includesEnds` the boundary token behind each document.
  init(
    tokens: TokenStore, uncounted: Int = 0, includesEnds: Bool = false,
    context: ScoringContext = .standard
  ) {
    var rows: [Row] = []
    var first = 0
    for end in 1..<max(tokens.count + 1, 1) {
      if end % (1 << 15) == 0 { tokens.noteAccess(placeCount: 1) }
      guard end == tokens.count || tokens[end] == Vocabulary.boundary else { continue }
      let ends = includesEnds && end < tokens.count ? 1 : 0
      let count = end - first - 1 + ends
      rows += Self.rows(counting: min(uncounted, count)..<count, from: first, context)
      first = end
    }
    self.tokens = tokens
    self.rows = rows
  }

  /// Predicts what is behind each token of each of the stretches, every stretch from an empty
  /// state.
  init(tokens: TokenStore, reading stretches: [Range<Int>]) {
    self.tokens = tokens
    rows = stretches.filter { !$0.isEmpty }.map {
      Row(start: $0.lowerBound, scoredFrom: $0.lowerBound, end: $0.upperBound)
    }
  }

  /// The rows that count the predictions `counted` of a document whose first token is at `first`.
  private static func rows(
    counting counted: Range<Int>, from first: Int, _ context: ScoringContext
  ) -> [Row] {
    guard !counted.isEmpty else { return [] }
    /// Rows of so many predictions, each begun early; the first at the document's start, if it may.
    func rows(of length: Int, early: Int, fromStart: Bool) -> [Row] {
      stride(from: counted.lowerBound, to: counted.upperBound, by: length).map { begin in
        let isFirst = fromStart && begin == counted.lowerBound
        return Row(
          start: first + (isFirst ? 0 : max(0, begin - early)), scoredFrom: first + begin,
          end: first + min(begin + length, counted.upperBound))
      }
    }
    switch context {
    case .carried(let stretchLength):
      let rowCount = max(1, min(mostRows, counted.count / stretchLength))
      return rows(
        of: (counted.count + rowCount - 1) / rowCount, early: warmUpLength, fromStart: true)
    case .reset(let length):
      return rows(of: max(1, length), early: 0, fromStart: false)
    case .sliding(let length):
      let step = max(1, (length + 1) / 2)
      return rows(of: step, early: length - step, fromStart: false)
    }
  }

  /// Predictions that count.
  public var targetCount: Int { rows.reduce(0) { $0 + $1.end - $1.scoredFrom } }

  /// The targets in the order of predictions, row after row: for a single document, its tokens.
  public var targets: [TokenID] {
    rows.flatMap { tokens[$0.scoredFrom + 1...$0.end] }
  }
}
