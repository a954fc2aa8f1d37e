extension TextModel {
  /// The likeliest texts after a prompt that a beam finds, the best first and no two alike: as many as the
  /// beam is wide, if there are so many.
  ///
  /// Throws `SamplingError` for rules without a bound, and as `generate` with rules does.
  public func search(
    _ beam: BeamSearch, from prompt: String = "", rules: WritingRules,
    precision: ComputePrecision = .float32
  ) throws -> [RankedText] {
    guard let maximumCount = rules.maximumCount, maximumCount > 0 else {
      throw SamplingError.outOfRange(
        name: "max-tokens", value: rules.maximumCount.map { "\($0)" } ?? "not given",
        allowed: "1 or more for a search")
    }
    let tokens = tokens(of: prompt)
    return beam.texts(
      languageModel.reader(precision: precision), prompt: tokens,
      course: try course(sampler([], seed: 0, tokens), rules), maximumCount: maximumCount
    ) { text(of: $0) }
  }

  /// The text after a prompt that contrastive search finds.
  ///
  /// Throws `SamplingError` for rules without a bound, and as `generate` with rules does.
  public func search(
    _ search: ContrastiveSearch, from prompt: String = "", rules: WritingRules,
    precision: ComputePrecision = .float32
  ) throws -> RankedText {
    guard rules.maximumCount != nil else {
      throw SamplingError.outOfRange(
        name: "max-tokens", value: "not given", allowed: "0 or more for a search")
    }
    let tokens = tokens(of: prompt)
    return search.text(
      languageModel.reader(precision: precision), prompt: tokens,
      course: try course(sampler([], seed: 0, tokens), rules))
  }

  /// Several texts after one prompt, from the one with the least nats a token of its text to the one
  /// with the most: the best of so many draws.
  ///
  /// The text at each place is one that `generateBatch` writes. Empty texts come last. Requires one
  /// text or more. Throws as `generate` with rules does.
  public func ranked(
    _ count: Int, from prompt: String = "", sampling: [any LogitsProcessor] = [],
    rules: WritingRules, seed: UInt64 = 0, precision: ComputePrecision = .float32
  ) throws -> [RankedText] {
    var texts: [RankedText] = []
    for first in stride(from: 0, to: count, by: TextBatch.standardSize) {
      let size = min(TextBatch.standardSize, count - first)
      var batch = try generateBatch(
        of: size, from: prompt, sampling: sampling, rules: rules, seed: seed &+ UInt64(first),
        precision: precision)
      var tokens = [[WrittenToken]](repeating: [], count: size)
      while let steps = batch.nextSteps() {
        for (index, new) in steps.enumerated() { tokens[index] += new }
      }
      for (index, (tokens, reason)) in zip(tokens, batch.finishReasons).enumerated() {
        let nats = tokens.reduce(0) { $0 + $1.nats }
        texts.append(
          RankedText(
            tokens: tokens, finishReason: reason ?? .length,
            score: tokens.isEmpty ? .infinity : nats / Double(tokens.count),
            seed: seed &+ UInt64(first + index)))
      }
    }
    // Of equal ones the first comes first.
    return texts.enumerated()
      .sorted { ($0.element.score, $0.offset) < ($1.element.score, $1.offset) }
      .map(\.element)
  }
}
