extension TextModel {
  /// A text that begins after `prompt` and is written as it is read; of a backward model, one that
  /// ends before `prompt`, whose units come from the last to the first.
  ///
  /// - Parameters:
  ///   - prompt: Any text; characters that the model does not know are read as unknown.
  ///   - sampling: Applied to the logits in this order.
  ///   - seed: The same seed gives the same text.
  ///   - precision: The operands' format in matrix products.
  public func generate(
    from prompt: String = "", sampling: [any LogitsProcessor] = [], seed: UInt64 = 0,
    precision: ComputePrecision = .float32
  ) -> TextGenerator {
    let tokens = tokens(of: prompt)
    return TextGenerator(
      reader: languageModel.reader(precision: precision), prompt: tokens,
      course: TextCourse(sampler(sampling, seed: seed, tokens), vocabulary: tokenizer.vocabulary))
  }

  /// The same with rules that end the text.
  ///
  /// Throws `SamplingError` for rules that a backward model cannot follow, and `TextError` when ICU
  /// cannot tell the characters they speak of.
  public func generate(
    from prompt: String = "", sampling: [any LogitsProcessor] = [], rules: WritingRules,
    seed: UInt64 = 0, precision: ComputePrecision = .float32
  ) throws -> TextGenerator {
    let tokens = tokens(of: prompt)
    return TextGenerator(
      reader: languageModel.reader(precision: precision), prompt: tokens,
      course: try course(sampler(sampling, seed: seed, tokens), rules))
  }

  /// Several texts after one prompt, written side by side: the one at place i is that of
  /// `seed` + i.
  ///
  /// Requires one text or more. Throws as `generate` with rules does.
  public func generateBatch(
    of count: Int, from prompt: String = "", sampling: [any LogitsProcessor] = [],
    rules: WritingRules, seed: UInt64 = 0, precision: ComputePrecision = .float32
  ) throws -> TextBatch {
    precondition(count >= 1, "generate: a batch of \(count) texts is none")
    let tokens = tokens(of: prompt)
    // One for all: it has tables of the whole of Unicode.
    let partWatcher = try partWatcher(rules)
    return TextBatch(
      reader: languageModel.reader(precision: precision), prompt: tokens,
      courses: (0..<count).map { index in
        TextCourse(
          sampler(sampling, seed: seed &+ UInt64(index), tokens), rules, partWatcher: partWatcher,
          vocabulary: tokenizer.vocabulary)
      })
  }

  /// The characters of what was written: of a backward model in the order of the text.
  public func text(of tokens: [WrittenToken]) -> String {
    configuration.direction == .backward
      ? tokenizer.decode(tokens.map(\.token).reversed())
      : tokens.map(\.text).joined()
  }

  /// A prompt in the order of reading.
  func tokens(of prompt: String) -> [TokenID] {
    configuration.direction.ordered(tokenizer.encode(prompt))
  }

  /// A sampler of the text of a seed.
  func sampler(
    _ sampling: [any LogitsProcessor], seed: UInt64, _ prompt: [TokenID]
  ) -> Sampler {
    Sampler(sampling, random: RandomSource(seed: seed).stream("sample"), prompt: prompt)
  }

  /// A text by rules. Throws as `generate` with rules does.
  func course(_ sampler: Sampler, _ rules: WritingRules) throws -> TextCourse {
    TextCourse(
      sampler, rules, partWatcher: try partWatcher(rules), vocabulary: tokenizer.vocabulary)
  }

  private func partWatcher(_ rules: WritingRules) throws -> PartWatcher? {
    try rules.check(configuration.direction)
    return try rules.until.map { try PartWatcher($0) }
  }
}
