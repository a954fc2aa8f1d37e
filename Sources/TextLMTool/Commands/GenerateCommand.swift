import ArgumentParser
import TextLM

/// `textlm generate`: writes text with a model.
struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate", abstract: "Write text with a model, as it comes.",
    discussion: """
      Lower temperatures give safer and duller text, higher ones livelier text with more mistakes; \
      0 always takes the likeliest character. --top-p 0.95 or --min-p 0.05 cut off the unlikely \
      characters that spoil words. The seed is printed; the same seed gives the same text.
      """,
    aliases: ["sample"])

  @OptionGroup var modelOptions: ModelOptions

  @Option(
    name: [.short, .long], parsing: .unconditional,
    help: ArgumentHelp("Text to begin with, in any characters.", valueName: "text"))
  var prompt: String?

  @Option(
    name: [.customShort("f"), .long],
    help: ArgumentHelp("Begin with the text of a file.", valueName: "file"))
  var promptFile: String?

  @Argument(help: ArgumentHelp("Give - to begin with the text on standard input.", valueName: "-"))
  var input: String?

  @Option(
    name: [.customShort("n"), .customLong("max-tokens")], parsing: .unconditional,
    help: ArgumentHelp(
      "Characters to write; one that is spelled in bytes counts as several.", valueName: "count"))
  var tokenCount = 500

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Below 1 likelier text, above 1 more surprising text; 0 takes the likeliest.",
      valueName: "t"))
  var temperature = 0.8

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Choose among the k likeliest; 0 for all.", valueName: "k"))
  var topK = 0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Choose among the likeliest that sum to p; 1 for all.", valueName: "p"))
  var topP = 1.0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Choose among those at least p times as likely as the likeliest; 0 for all.",
      valueName: "p"))
  var minP = 0.0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Texts to write, each with a seed one higher.", valueName: "count"))
  var samples = 1

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("A number that decides all draws; random by default.", valueName: "n"))
  var seed: UInt64?

  @OptionGroup var precision: PrecisionOptions

  @Flag(
    help: """
      Let the terminal obey control characters that the model writes; otherwise they are shown. \
      Files and pipes get them as they are in any case.
      """)
  var raw = false

  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if raw && shared.format == .json {
      throw ValidationError("--raw cannot be given with --format json, which escapes by itself")
    }
    if let input, input != "-" {
      throw ValidationError("unexpected argument '\(input)': give a prompt with --prompt")
    }
    if [prompt != nil, promptFile != nil, input != nil].count(where: { $0 }) > 1 {
      throw ValidationError("give one of --prompt, --prompt-file and -")
    }
    if tokenCount < 0 { throw ValidationError("-n is \(tokenCount), but must be 0 or more") }
    if samples < 1 { throw ValidationError("--samples is \(samples), but must be 1 or more") }
  }

  func run() throws {
    try shared.apply()
    let sampling: [any LogitsProcessor] = [
      try Temperature(temperature), try TopK(topK), try TopP(topP), try MinP(minP),
    ]
    let model = try modelOptions.load(shared.output)
    shared.noteEngine(precision.forWriting)
    let prompt = try readPrompt()
    let seed = seed ?? SystemRandomNumberGenerator.seed()
    shared.note("seed \(seed)")
    for sample in 0..<samples {
      try write(sample, model, prompt: prompt, sampling, seed: seed &+ UInt64(sample))
    }
  }

  private func readPrompt() throws -> String {
    if let prompt { return prompt }
    if let promptFile { return try CorpusFile(contentsOf: promptFile).text.string }
    if let input { return try TextInput.read(input, shared.output).text.string }
    return ""
  }

  private func write(
    _ sample: Int, _ model: TextModel, prompt: String, _ sampling: [any LogitsProcessor],
    seed: UInt64
  ) throws {
    let clock = ContinuousClock()
    var generator = model.generate(
      from: prompt, sampling: sampling, seed: seed, precision: precision.forWriting)
    var text = ""
    var nats = 0.0
    var count = 0
    var start = clock.now
    // What a backward model writes is in front of the prompt, and known only when it is done.
    let isBackward = model.configuration.direction == .backward
    var tokens: [TokenID] = []
    if shared.format == .text {
      if sample > 0 { try Console.standardOutput("\n\n") }
      if samples > 1 { try Console.standardOutput("--- \(sample + 1) ---\n") }
      if !isBackward { try Console.standardOutput(untrusted: prompt, isRaw: raw) }
    }
    while count < tokenCount, let step = generator.nextStep() {
      // The first token comes with the reading of the prompt, which is not the speed of writing.
      if count == 0 { start = clock.now }
      count += 1
      nats += step.nats
      if isBackward {
        tokens.append(step.token)
      } else if shared.format == .text {
        try Console.standardOutput(untrusted: step.text, isRaw: raw)
      } else {
        text += step.text
      }
    }
    let seconds = (clock.now - start) / .seconds(1)
    let speed = count > 1 && seconds > 0 ? Double(count - 1) / seconds : 0
    if isBackward {
      text = model.tokenizer.decode(tokens.reversed())
      if shared.format == .text {
        try Console.standardOutput(untrusted: text + prompt, isRaw: raw)
      }
    }
    if shared.format == .text {
      if sample == samples - 1 { try Console.standardOutput("\n") }
      if shared.verbose {
        shared.note(
          "\(count) tokens, \(Numbers.fixed(count > 0 ? nats / Double(count) : 0, 3)) nats each, "
            + "\(Numbers.rate(speed)) a second")
      }
      return
    }
    let result: JSONValue = [
      "prompt": JSONValue(prompt), "text": JSONValue(text), "tokens": JSONValue(count),
      "nats": JSONValue(nats),
      "tokens_per_second": JSONValue(speed),
      "finish_reason": count < tokenCount ? "document" : "length",
    ]
    try Console.standardOutput(result.text() + "\n")
  }
}

extension SystemRandomNumberGenerator {
  /// A seed to print; short enough to type again.
  static func seed() -> UInt64 {
    var generator = SystemRandomNumberGenerator()
    return generator.next() % 1_000_000_000
  }
}
