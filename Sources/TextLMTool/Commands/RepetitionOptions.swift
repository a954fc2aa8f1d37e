import ArgumentParser
import TextLM

/// What the text has had already, and single characters.
struct RepetitionOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Never write n characters that the text has had already; 40 forbids repeated sentences. Where a \
      constraint leaves nothing else, the constraint wins.
      """, valueName: "n"))
  var noRepeat: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Against loops: how strongly to lower what would go on with a repetition (DRY); 0.5 is a good \
      beginning.
      """, valueName: "strength"))
  var dry: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How much stronger for each character more; the default is 1.1.", valueName: "factor"))
  var dryBase: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Characters that may be repeated freely; the default is 12, about two words.",
      valueName: "n"))
  var dryLength: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How many of the last characters are searched; the default is 2000.", valueName: "n"))
  var dryWindow: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Characters that no repetition reaches over, such as line ends; none by default.",
      valueName: "characters"))
  var dryBreakers: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Divide or multiply the logits of recent characters; 1 changes nothing.",
      valueName: "factor"))
  var repetitionPenalty: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Subtract so much from a character's logit for each time it was there recently.",
      valueName: "x"))
  var frequencyPenalty: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Subtract so much from a character's logit if it was there recently.", valueName: "x"))
  var presencePenalty: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      How many of the last characters the three penalties see; the default is 16. More than a few \
      words have the whole alphabet in them.
      """, valueName: "n"))
  var penaltyWindow: Int?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      """
      Add to a character's logit, such as 'e=-2': its odds are multiplied by e^x. May be repeated.
      """, valueName: "character=x"))
  var logitBias: [String] = []

  /// The processors of the options that are in use.
  func processors(_ tokenizer: Tokenizer) throws -> [any LogitsProcessor] {
    let window = penaltyWindow ?? 16
    var used: [any LogitsProcessor] = []
    if !logitBias.isEmpty { used.append(try LogitBias(biases(), tokenizer: tokenizer)) }
    if let repetitionPenalty {
      used.append(try RepetitionPenalty(repetitionPenalty, window: window))
    }
    if let frequencyPenalty {
      used.append(try FrequencyPenalty(frequencyPenalty, window: window))
    }
    if let presencePenalty { used.append(try PresencePenalty(presencePenalty, window: window)) }
    if let noRepeat { used.append(try NoRepeat(noRepeat)) }
    if let dry = try drying(breakers(tokenizer)) { used.append(dry) }
    return used
  }

  private func breakers(_ tokenizer: Tokenizer) throws -> Set<TokenID> {
    let tokens = Set(tokenizer.encode(dryBreakers ?? ""))
    if tokens.contains(Vocabulary.unknown) {
      throw SamplingError.noToken(
        name: "--dry-breakers", text: dryBreakers ?? "",
        reason: "not all of it is in the vocabulary")
    }
    return tokens
  }

  private func drying(_ breakers: Set<TokenID>) throws -> DRY? {
    guard let dry else { return nil }
    return try DRY(
      multiplier: dry, base: dryBase ?? 1.1, allowedLength: dryLength ?? 12,
      window: dryWindow ?? 2000, breakers: breakers)
  }

  /// What `--sampler-order` calls those that are in use.
  var names: [String] {
    [
      (LogitBias.name, !logitBias.isEmpty), (RepetitionPenalty.name, repetitionPenalty != nil),
      (FrequencyPenalty.name, frequencyPenalty != nil),
      (PresencePenalty.name, presencePenalty != nil), (NoRepeat.name, noRepeat != nil),
      (DRY.name, dry != nil),
    ].filter(\.1).map(\.0)
  }

  /// The characters and numbers of `--logit-bias`; the character itself may be an equals sign.
  private func biases() throws -> [(text: String, value: Double)] {
    try logitBias.map { written in
      guard let equals = written.lastIndex(of: "="), equals > written.startIndex,
        let value = Double(written[written.index(after: equals)...])
      else {
        throw OptionError.value(
          option: "--logit-bias", value: written,
          allowed: "a character, an equals sign and a number, such as e=-2")
      }
      return (String(written[..<equals]), value)
    }
  }

  /// Throws for numbers that make no sense, and for options that change nothing.
  func check() throws {
    _ = try biases()
    _ = try drying([])
    let window = penaltyWindow ?? 16
    let penalties: [(name: String, value: Double?, neutral: Double)] = [
      ("--repetition-penalty", repetitionPenalty, 1), ("--frequency-penalty", frequencyPenalty, 0),
      ("--presence-penalty", presencePenalty, 0),
    ]
    for (name, value, neutral) in penalties where value == neutral {
      throw OptionError.value(
        option: name, value: "\(neutral)", allowed: "another number: this one changes nothing")
    }
    if let noRepeat { _ = try NoRepeat(noRepeat) }
    _ = try RepetitionPenalty(repetitionPenalty ?? 1, window: window)
    _ = try FrequencyPenalty(frequencyPenalty ?? 0, window: window)
    _ = try PresencePenalty(presencePenalty ?? 0, window: window)
    if penaltyWindow != nil, penalties.allSatisfy({ $0.value == nil }) {
      throw SamplingError.missing(
        name: "--penalty-window",
        needed: "--repetition-penalty, --frequency-penalty or --presence-penalty")
    }
    let dependent = [
      ("--dry-base", dryBase != nil), ("--dry-length", dryLength != nil),
      ("--dry-window", dryWindow != nil), ("--dry-breakers", dryBreakers != nil),
    ]
    for (name, isGiven) in dependent where isGiven && dry == nil {
      throw SamplingError.missing(name: name, needed: "--dry")
    }
  }
}
