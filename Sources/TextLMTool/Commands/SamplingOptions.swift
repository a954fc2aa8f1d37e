import ArgumentParser
import TextLM

/// How the next character is chosen.
struct SamplingOptions: ParsableArguments {
  @OptionGroup(title: "Choice of the next character") var temperature: TemperatureOptions
  @OptionGroup(title: "Cutting off") var cutoff: CutoffOptions
  @OptionGroup(title: "Repetition and single characters") var repetition: RepetitionOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      The order in which these act, with commas; what is not in use may be named. The default is \
      \(SamplingOrder.standard.names.joined(separator: ", ")).
      """, valueName: "names"))
  var samplerOrder: String?

  /// The options that are given, by their names.
  var names: [String] {
    get throws {
      try temperature.names + repetition.names.map { "--" + $0 }
        + cutoff.processors(nil).map(\.option) + (samplerOrder == nil ? [] : ["--sampler-order"])
    }
  }

  /// The option by which only the likeliest character is ever taken; nil where something is drawn.
  var greedy: String? {
    if temperature.isGreedy { return "--temperature 0" }
    // XTC draws by itself, and may leave out the likeliest before the rest is cut off.
    return cutoff.topK == 1 && cutoff.xtcProbability == nil ? "--top-k 1" : nil
  }

  /// Throws for numbers and combinations that make no sense, as far as they do not depend on a model.
  func check() throws {
    try temperature.check()
    try cutoff.check(isGreedy: temperature.isGreedy)
    try repetition.check()
    if let samplerOrder {
      let used = [Temperature.name] + repetition.names + (try cutoff.names)
      try SamplingOrder(samplerOrder).check(used)
    }
  }

  /// What chooses the characters of a text of so many tokens, in order.
  func processors(_ tokenizer: Tokenizer, tokenCount: Int) throws -> [any LogitsProcessor] {
    let order = try samplerOrder.map { try SamplingOrder($0) } ?? .standard
    let vocabulary = tokenizer.vocabulary
    return try order.sorted(
      try repetition.processors(tokenizer)
        + [try temperature.processor(vocabulary, tokenCount: tokenCount)]
        + cutoff.processors(vocabulary).map(\.processor))
  }
}
