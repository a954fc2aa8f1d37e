/// Adds up what lines cost that come in pieces.
public struct LineMeter: Sendable {
  /// What one line cost.
  public struct Cost: Sendable, Equatable {
    /// The line's number, from 1.
    public let number: Int
    /// The line without its line feed; of one that came in pieces, the first.
    public let text: String
    /// Unicode scalars of all of it, with its end.
    public var characterCount: Int
    /// −ln p of all of it.
    public var nats: Double

    /// Nats for each character.
    public var natsPerCharacter: Double { nats / Double(characterCount) }
  }

  private let scorer: LineScorer
  private let newlines: NewlineRule
  /// The line that has begun and not ended.
  private var begun: Cost?

  /// A meter of lines that this scorer measures, after their ends are changed by `newlines`.
  public init(_ scorer: LineScorer, newlines: NewlineRule = .keep) {
    self.scorer = scorer
    self.newlines = newlines
  }

  /// What the lines cost that end among the next pieces; blank lines of models that have no such documents
  /// are left out.
  public mutating func read(_ pieces: [LinePiece]) -> [Cost] {
    let lines = scorer.scores(pieces.map { newlines.apply(to: $0.text) })
    var costs: [Cost] = []
    for (piece, line) in zip(pieces, lines) {
      var cost =
        begun ?? Cost(number: piece.number, text: line.lineText, characterCount: 0, nats: 0)
      cost.characterCount += line.characterCount
      cost.nats += line.totalNats
      begun = piece.endsLine ? nil : cost
      if piece.endsLine, cost.characterCount > 0 { costs.append(cost) }
    }
    return costs
  }
}

extension ScoredLine {
  /// The line without its line feed.
  fileprivate var lineText: String {
    let ends = text.bytes.last == UInt8(ascii: "\n") ? 1 : 0
    return String(decoding: text.bytes.dropLast(ends), as: UTF8.self)
  }
}
