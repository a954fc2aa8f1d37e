import ArgumentParser
import TextLM

/// `textlm generate`: writes text with a model.
struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate", abstract: "Write text with a model, as it comes.",
    discussion: """
      The temperature is \(WordTemperature.standardStart) where words begin and \
      \(WordTemperature.standardInside) elsewhere, which was chosen by measurements, unless \
      --temperature or --temperature-end is given, which then holds everywhere. \
      Lower temperatures give safer and duller text, higher ones livelier text with more mistakes; \
      0 always takes the likeliest character. --top-p 0.95 or --min-p 0.05 cut off the unlikely \
      characters that spoil words. --temperature-word-start makes words livelier and leaves their \
      spelling alone; --dry and --no-repeat are against loops. The seed is printed; the same seed \
      gives the same text.

      Constraints hold for what is written, not for the prompt, and always: a character that could \
      not lead to a text that satisfies them is not drawn. --stop and --min-tokens hold together with \
      them, or are refused; penalties, --dry and --no-repeat choose among what constraints allow.
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

  @OptionGroup(title: "Length") var length: LengthOptions
  @OptionGroup var sampling: SamplingOptions
  @OptionGroup(title: "Constraints") var constraints: ConstraintOptions
  @OptionGroup(title: "Copying") var copying: CopyOptions
  @OptionGroup(title: "Choice among texts") var search: SearchOptions

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      """
      Hold a unit of the recurrent state at a value after every character, prompt included. Layers \
      are those of show units, such as cell1.114=2 or hidden1.5=0; or their numbers from 1, as in \
      1.114=2, which stand for the cell state in an LSTM and for the hidden state in a gru, rnn or \
      sru. Units count from 0. May be repeated.
      """, valueName: "layer.index=value"))
  var setUnit: [String] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Texts to write side by side, each with a seed one higher. From 8 on they are computed in int16 \
      where the processor has vectors of integers, below in float32, so that the same seed may write \
      another text; --precision makes them agree.
      """, valueName: "count"))
  var samples = 1

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("A number that decides all draws; random by default.", valueName: "n"))
  var seed: UInt64?

  @OptionGroup(title: "Reading of the prompt and of files") var reading: EncodingOptions
  @OptionGroup var precision: PrecisionOptions

  @Flag(
    help: """
      Let the terminal obey control characters that the model writes; otherwise they are shown. \
      Files and pipes get them as they are in any case.
      """)
  var raw = false

  @Option(
    help: ArgumentHelp(
      """
      Print text for people, json with an object for each text and its characters in it, or jsonl \
      with an object for each character as it comes and then that of the text.
      """, valueName: "format"))
  var format: WritingFormat = .text

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "With --format jsonl or json: how many of the likeliest characters to tell at each place; "
        + "the default is 5 with jsonl, and 0 with json.",
      valueName: "k"))
  var alternatives: Int?

  @OptionGroup var engine: EngineOptions
  @OptionGroup var notes: NoteOptions

  func validate() throws {
    if raw && format != .text {
      throw ValidationError(
        "--raw cannot be given with --format \(format.rawValue), which escapes by itself")
    }
    if let input, input != "-" {
      throw ValidationError("unexpected argument '\(input)': give a prompt with --prompt")
    }
    if [prompt != nil, promptFile != nil, input != nil].count(where: { $0 }) > 1 {
      throw ValidationError("give one of --prompt, --prompt-file and -")
    }
    if input != nil, copying.copied.copiedFrom == "-" {
      throw ValidationError("standard input (-) can be given only once")
    }
    try reading.check(
      hasText: promptFile != nil || input != nil || constraints.readsFile
        || copying.copied.copiedFrom != nil,
      needed: "--prompt-file, -, --words, --grammar or --copied-from")
    if copying.maxCopy != nil, constraints.isGiven {
      throw ValidationError(
        "--max-copy could leave a constraint unsatisfied, and constraints always hold: leave one out"
      )
    }
    if samples < 1 { throw ValidationError("--samples is \(samples), but must be 1 or more") }
    if let alternatives {
      if format == .text {
        throw ValidationError("--alternatives changes nothing without --format jsonl or json")
      }
      if alternatives < 1 {
        throw ValidationError("--alternatives is \(alternatives), but must be 1 or more")
      }
    }
  }

  func run() throws {
    try engine.apply()
    try sampling.check()
    try search.check(
      samples: samples, drawing: try sampling.names + (seed == nil ? [] : ["--seed"]),
      greedy: sampling.greedy)
    let units = try setUnit.map { try UnitSetting($0) }
    let loaded = try modelOptions.load(notes)
    let model = units.isEmpty ? loaded : try loaded.setting(units)
    let precision = self.precision.forWriting(search.beam ?? search.bestOf ?? samples)
    engine.note(precision, to: notes)
    let rules = try length.rules(
      alternativeCount: alternatives ?? (format == .jsonl ? 5 : 0),
      constraints: try constraints.automaton(
        model.tokenizer, stops: length.stop, reading.rules(), notes),
      grammar: try constraints.grammar(model.tokenizer, reading.rules()),
      copyLimit: try copying.limit(model, at: modelOptions.path, reading, notes))
    for notice in try length.notices(model.tokenizer.vocabulary, rules.constraints) {
      notes.note("note: \(notice)")
    }
    let processors = try sampling.processors(model.tokenizer, tokenCount: length.count)
    let prompt = try readPrompt()
    var printer = SamplePrinter(
      prompt: prompt, model: model, sampleCount: samples, format: format, isRaw: raw, notes: notes)
    if let beam = try search.search() {
      return try printer.write(best: samples) {
        try model.search(beam, from: prompt, rules: rules, precision: precision)
      }
    }
    if let contrast = try search.contrast() {
      return try printer.write(best: 1) {
        [
          try model.search(
            contrast, from: prompt, rules: rules, precision: precision)
        ]
      }
    }
    let seed = seed ?? SystemRandomNumberGenerator.seed()
    notes.note("seed \(seed)")
    if let count = search.bestOf {
      return try printer.write(best: samples) {
        try model.ranked(
          count, from: prompt, sampling: processors, rules: rules, seed: seed,
          precision: precision)
      }
    }
    for first in stride(from: 0, to: samples, by: TextBatch.standardSize) {
      var batch = try model.generateBatch(
        of: min(TextBatch.standardSize, samples - first), from: prompt, sampling: processors,
        rules: rules, seed: seed &+ UInt64(first), precision: precision)
      try printer.write(&batch, seed: seed &+ UInt64(first))
    }
  }

  private func readPrompt() throws -> String {
    if let prompt { return prompt }
    if let promptFile { return try CorpusFile(contentsOf: promptFile, reading.rules()).text.string }
    if let input { return try TextInput.read(input, notes, reading.rules()).text.string }
    return ""
  }
}

extension SystemRandomNumberGenerator {
  /// A seed to print; short enough to type again.
  static func seed() -> UInt64 {
    var generator = SystemRandomNumberGenerator()
    return generator.next() % 1_000_000_000
  }
}
