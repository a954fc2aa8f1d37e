/// Disturbs tokens by a `NoiseRule`.
public struct TokenNoise: Sendable {
  private let rule: NoiseRule
  /// The sums of counts up to each unit, for drawing by frequency.
  private let countSums: [Int]
  /// The other case of each token; a token itself where there is none.
  private let otherCase: [TokenID]

  /// Noise for the tokens of `vocabulary`; nil for a rule that disturbs nothing.
  public init?(_ rule: NoiseRule, _ vocabulary: Vocabulary) {
    guard rule != .none else { return nil }
    self.rule = rule
    var sum = 0
    countSums = vocabulary.counts.map { count in
      sum += count
      return sum
    }
    var tokens: [Unicode.Scalar: TokenID] = [:]
    var scalars: [TokenID: Unicode.Scalar] = [:]
    for token in 0..<TokenID(vocabulary.count) {
      guard case .unit(let text) = vocabulary.kind(of: token) else { continue }
      let unit = text.string.unicodeScalars
      guard unit.count == 1, let scalar = unit.first else { continue }
      tokens[scalar] = token
      scalars[token] = scalar
    }
    otherCase = (0..<TokenID(vocabulary.count)).map { token in
      guard let scalar = scalars[token] else { return token }
      let mapped = [scalar.properties.uppercaseMapping, scalar.properties.lowercaseMapping]
      let others = mapped.compactMap { text -> TokenID? in
        let mapping = text.unicodeScalars
        guard mapping.count == 1, let other = mapping.first, other != scalar else { return nil }
        return tokens[other]
      }
      return others.first ?? token
    }
  }

  /// The batch with some tokens disturbed; where documents begin stays as it is.
  public func apply(to batch: TokenBatch, random: inout RandomSource) -> TokenBatch {
    var tokens = batch.tokens
    let rows = batch.batchSize
    for place in tokens.indices {
      let next = place + rows
      let isSwapped = hits(rule.swap, &random)
      if isSwapped, next < tokens.count, tokens[place] != Vocabulary.boundary,
        tokens[next] != Vocabulary.boundary
      {
        tokens.swapAt(place, next)
      }
    }
    for place in tokens.indices {
      let (isChanged, isReplaced) = (
        hits(rule.caseChange, &random), hits(rule.substitution, &random)
      )
      let (drawn, isDeleted) = (drawUnit(&random), hits(rule.deletion, &random))
      guard tokens[place] != Vocabulary.boundary else { continue }
      if isChanged { tokens[place] = otherCase[Int(tokens[place])] }
      if isReplaced { tokens[place] = drawn ?? tokens[place] }
      if isDeleted { tokens[place] = Vocabulary.unknown }
    }
    return TokenBatch(
      tokens, timeLength: batch.timeLength, batchSize: rows, restarts: batch.restarts)
  }

  private func hits(_ probability: Double, _ random: inout RandomSource) -> Bool {
    probability > 0 && random.nextUniform() < probability
  }

  /// A unit by its frequency in the training text; nil where nothing was counted.
  private func drawUnit(_ random: inout RandomSource) -> TokenID? {
    guard rule.substitution > 0, let total = countSums.last, total > 0 else { return nil }
    let place = random.nextInt(below: total)
    var (low, high) = (0, countSums.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if countSums[middle] > place { high = middle } else { low = middle + 1 }
    }
    return TokenID(Vocabulary.firstUnit + low)
  }
}
