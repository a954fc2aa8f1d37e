extension TextModel {
  /// One line of a scored text.
  public struct LineScore: Sendable {
    /// The line without its end.
    public let text: String
    /// The cost of its characters and of its end.
    public let evaluation: Evaluation

    /// A line, given with its end.
    init(_ line: UTF8Text, _ evaluation: Evaluation) {
      let ends = line.bytes.last == UInt8(ascii: "\n") ? 1 : 0
      text = String(decoding: line.bytes.dropLast(ends), as: UTF8.self)
      self.evaluation = evaluation
    }
  }

  /// What each line of `text` cost, read on with all lines before it in mind; with `includesEnd` the
  /// last line's cost has that of the text's end in it.
  public func scoreLines(
    _ text: UTF8Text, condition: UTF8Text? = nil, includesEnd: Bool = false,
    precision: ComputePrecision = Engine.evaluationPrecision,
    context: ScoringContext = .standard
  ) -> [LineScore] {
    let lines = text.lines.map { (line: $0, encoded: tokenizer.encodeCounting($0)) }
    let tokens = lines.flatMap(\.encoded.tokens)
    let before = readBefore(condition)
    let plan = ScoringPlan(
      documents: [before + configuration.direction.ordered(tokens)], uncounted: before.count,
      includesEnds: includesEnd,
      context: context)
    let costs = inTextOrder(
      languageModel.costs(plan, Scorer(precision: precision), withRanks: false).nats,
      tokenCount: tokens.count)
    var first = 0
    return lines.enumerated().map { index, item in
      let (line, encoded) = item
      let endsText = includesEnd && index == lines.count - 1
      let targets = encoded.tokens + (endsText ? [Vocabulary.boundary] : [])
      let end = first + targets.count
      defer { first = end }
      return LineScore(
        line,
        Evaluation(
          Array(costs[first..<end]), targets: targets,
          counts: endsText ? encoded.counts + .documentEnd : encoded.counts,
          unknownPenaltyNats: tokenizer.unknownPenaltyNats))
    }
  }
}

extension UTF8Text {
  /// The lines with their ends; no normalization reaches over a line feed, so they can be encoded
  /// one by one.
  var lines: [UTF8Text] {
    var lines: [UTF8Text] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      let end = rest.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? rest.endIndex
      lines.append(UTF8Text(String(decoding: rest[..<end], as: UTF8.self)))
      rest = rest[end...]
    }
    return lines
  }
}
