/// Measures lines that have nothing to do with one another, each by itself and many at a time.
///
/// A line is read as if it stood anywhere in a text: behind a line feed and nothing else, and with its own
/// line feed measured, so that a line is not cheap for being the beginning of a longer one. A model that
/// knows no line feed was trained on lines as documents: it reads each from the boundary token, and its end
/// is the boundary token behind it. A backward model reads a line from its line feed on.
public struct LineScorer: Sendable {
  /// What reads the lines.
  public let model: TextModel
  /// Whether lines begin and end as documents do.
  public let linesAreDocuments: Bool
  /// What is read before each line, in the order of reading.
  private let before: [TokenID]
  private let scorer: Scorer

  /// A scorer. `linesAreDocuments` is told by the model's vocabulary where it is not given; `condition` is
  /// read before each line, instead of a line feed, and not measured.
  public init(
    _ model: TextModel, linesAreDocuments: Bool? = nil, condition: UTF8Text? = nil,
    precision: ComputePrecision = Engine.evaluationPrecision
  ) {
    let linesAreDocuments = linesAreDocuments ?? !model.knowsLineEnds
    self.model = model
    self.linesAreDocuments = linesAreDocuments
    let isBehindLine =
      condition == nil && !linesAreDocuments && model.configuration.direction == .forward
    before = model.readBefore(isBehindLine ? UTF8Text("\n") : condition)
    scorer = Scorer(precision: precision)
  }

  /// What each of some lines cost, in their order; a line may be without its line feed, and then has no end.
  ///
  /// A line without tokens costs nothing.
  public func scores(_ lines: [UTF8Text]) -> [ScoredLine] {
    let read = lines.map { line -> (text: UTF8Text, tokens: [TokenID], hasEnd: Bool) in
      guard linesAreDocuments, line.bytes.last == UInt8(ascii: "\n") else {
        return (line, model.tokenizer.encode(line), false)
      }
      let text = line.split(atByte: line.bytes.count - 1).head
      let tokens = model.tokenizer.encode(text)
      // There are no empty documents.
      return (text, tokens, !tokens.isEmpty)
    }
    var nats = [[Double]](repeating: [], count: lines.count)
    for hasEnd in [false, true] {
      // Lines of about one length are read side by side, so that few wait for longer ones.
      let places = read.indices.filter { read[$0].hasEnd == hasEnd }
        .sorted { read[$0].tokens.count > read[$1].tokens.count }
      let costs = costs(of: places.map { read[$0].tokens }, includesEnds: hasEnd)
      for (place, costs) in zip(places, costs) { nats[place] = costs }
    }
    return zip(read, nats).map { read, nats in
      ScoredLine(
        text: read.text, tokens: read.tokens + (read.hasEnd ? [Vocabulary.boundary] : []),
        nats: nats)
    }
  }

  /// −ln p of each token of each line in the order of the text, and of its end behind it.
  private func costs(of lines: [[TokenID]], includesEnds: Bool) -> [[Double]] {
    guard !lines.isEmpty else { return [] }
    let plan = ScoringPlan(
      documents: lines.map { before + model.configuration.direction.ordered($0) },
      uncounted: before.count, includesEnds: includesEnds)
    let nats = model.languageModel.costs(plan, scorer, withRanks: false).nats
    let penalty = model.tokenizer.unknownPenaltyNats
    var first = 0
    return lines.map { tokens in
      let count = tokens.count + (includesEnds ? 1 : 0)
      defer { first += count }
      let own = model.inTextOrder(Array(nats[first..<first + count]), tokenCount: tokens.count)
      return own.enumerated().map { index, nats in
        let isUnknown = index < tokens.count && tokens[index] == Vocabulary.unknown
        return Double(nats) + (isUnknown ? penalty : 0)
      }
    }
  }
}

extension TextModel {
  /// Whether there were line ends in the documents that it was trained on; of bytes it is not known, and
  /// taken for granted.
  fileprivate var knowsLineEnds: Bool {
    let vocabulary = tokenizer.vocabulary
    return vocabulary.unitCount == 0
      || ["\n", "\r\n"].contains { vocabulary.token(of: UTF8Text($0)) != nil }
  }
}
