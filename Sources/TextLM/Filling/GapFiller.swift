#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Finds what most likely stands in the gaps of a text.
///
/// Each model goes through the text from its end with a beam: wherever a unit is missing, every text so
/// far goes on with every unit, and the `width` likeliest are kept; what stands behind a gap sorts out
/// what does not lead there. What the models found is then costed as a whole by both.
public struct GapFiller: Sendable {
  /// The models.
  public let models: DirectedModels
  /// Texts that are kept at each unit: more find more, and take proportionally longer.
  public let width: Int

  /// A filler with so wide a beam. Requires a width of one or more.
  public init(_ models: DirectedModels, width: Int = 64) {
    precondition(width >= 1, "gap filler: a beam of \(width) is none")
    self.models = models
    self.width = width
  }

  /// A way to fill the gaps.
  public struct Filling: Sendable, Equatable {
    /// The whole text.
    public let text: String
    /// What is in the gaps, in their order.
    public let gaps: [String]
    /// What the text costs.
    public let cost: DirectedModels.Cost
    /// Its part of the probability of all fillings that were found.
    public let share: Double
  }

  /// The likeliest fillings, the best first.
  ///
  /// Throws `FillError.noUnits`, and `ScoringError` where a filled text is empty for a model.
  public func fillings(_ template: GapTemplate) throws -> [Filling] {
    var found = try Self.search(template, models.forward, name: models.name, width: width)
    if let backward = models.backward {
      for gaps in try Self.search(template, backward, name: models.name, width: width)
      where !found.contains(gaps) {
        found.append(gaps)
      }
    }
    let costs = try models.ranked(found.map(template.filled))
    guard let best = costs.first?.nats else { return [] }
    let weights = costs.map { exp(best - $0.nats) }
    let total = weights.reduce(0, +)
    return zip(costs, weights).map { cost, weight in
      Filling(text: cost.text, gaps: found[cost.index], cost: cost, share: weight / total)
    }
  }

  /// A unit of the text: known, or in a gap.
  private enum Place {
    case known(TokenID)
    case missing(gap: Int)
  }

  /// A text so far.
  private struct Hypothesis {
    var nats: Double
    /// What was put into missing places, in the order of reading.
    var tokens: [TokenID]
    /// The text it goes on from.
    var origin: Int
    var last: TokenID
  }

  /// What one model finds, the likeliest first: for each gap its text.
  private static func search(
    _ template: GapTemplate, _ model: TextModel, name: String, width: Int
  ) throws(FillError) -> [[String]] {
    let (tokenizer, direction) = (model.tokenizer, model.configuration.direction)
    let vocabulary = tokenizer.vocabulary
    let units = (0..<vocabulary.count).map { TokenID($0) }.filter {
      if case .unit = vocabulary.kind(of: $0) { true } else { false }
    }
    guard !units.isEmpty else { throw .noUnits(model: name) }
    var gapCount = 0
    let inText = template.parts.flatMap { part -> [Place] in
      switch part {
      case .text(let text): return tokenizer.encode(text).map { .known($0) }
      case .gap(let count):
        gapCount += 1
        return [Place](repeating: .missing(gap: gapCount - 1), count: count)
      }
    }
    let places = direction.ordered(inText)
    let reader = model.languageModel.reader(precision: .float32)
    var beam = [Hypothesis(nats: 0, tokens: [], origin: 0, last: Vocabulary.boundary)]
    for place in places {
      let costs = reader.logits(after: beam.map(\.last), origins: beam.map(\.origin))
        .map { TokenCost.nats($0) }
      switch place {
      case .known(let token):
        for row in beam.indices {
          beam[row].nats += costs[row][Int(token)]
          (beam[row].origin, beam[row].last) = (row, token)
        }
      case .missing:
        beam = widened(beam, costs, units, width: width)
      }
    }
    let missing = places.compactMap { place -> Int? in
      if case .missing(let gap) = place { gap } else { nil }
    }
    return beam.sorted { $0.nats < $1.nats }.map { hypothesis in
      var gaps = [[TokenID]](repeating: [], count: gapCount)
      for (gap, token) in zip(missing, hypothesis.tokens) { gaps[gap].append(token) }
      return gaps.map { tokenizer.decode(direction.ordered($0)) }
    }
  }

  /// The likeliest of all texts that are one unit longer.
  private static func widened(
    _ beam: [Hypothesis], _ costs: [[Double]], _ units: [TokenID], width: Int
  ) -> [Hypothesis] {
    let longer = beam.indices.flatMap { row in
      units.map { (row: row, unit: $0, nats: beam[row].nats + costs[row][Int($0)]) }
    }
    let kept = longer.sorted { ($0.nats, $0.row, $0.unit) < ($1.nats, $1.row, $1.unit) }
      .prefix(width)
    return kept.map { choice in
      Hypothesis(
        nats: choice.nats, tokens: beam[choice.row].tokens + [choice.unit], origin: choice.row,
        last: choice.unit)
    }
  }
}
