import ArgumentParser
import TextLM

/// What is too unlikely, or too likely, to be written.
struct CutoffOptions: ParsableArguments {
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
    help: ArgumentHelp(
      "Choose among those nearest to the expected surprise that sum to p; 1 for all.",
      valueName: "p"))
  var typical = 1.0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Choose among those at least as likely as p; 0 for all.", valueName: "p"))
  var epsilon = 0.0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The same, less strict where the model is unsure (eta sampling); 0 for all.",
      valueName: "p"))
  var eta = 0.0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Choose among those within n standard deviations of the greatest logit.", valueName: "n"))
  var topNSigma: Double?

  @Option(
    name: .customLong("xtc-probability"), parsing: .unconditional,
    help: ArgumentHelp(
      """
      So often, where a word begins, leave out all choices above --xtc-threshold but the least \
      likely of them: less predictable text.
      """, valueName: "p"))
  var xtcProbability: Double?

  @Option(
    name: .customLong("xtc-threshold"), parsing: .unconditional,
    help: ArgumentHelp("What counts as a good choice; the default is 0.1.", valueName: "p"))
  var xtcThreshold: Double?

  @Flag(
    name: .customLong("xtc-inside-words"),
    help: "Leave out likely choices within words too, where they are the spelling.")
  var xtcInsideWords = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Hold the surprise of the text at --mirostat-tau; version 1 or 2. It cuts off by itself.",
      valueName: "version"))
  var mirostat: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Bits a character to hold; the default is 1.2, which is less than a good model of English \
      needs (about 2) and so a little safer than the text it learned.
      """, valueName: "bits"))
  var mirostatTau: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How fast to correct; the default is 0.1.", valueName: "rate"))
  var mirostatEta: Double?

  /// The options that are in use, by their names, with their processors.
  func processors(
    _ vocabulary: Vocabulary?
  ) throws -> [(option: String, processor: any LogitsProcessor)] {
    var used: [(option: String, processor: any LogitsProcessor)] = []
    if topK != 0 { used.append(("--top-k", try TopK(topK))) }
    if topP != 1 { used.append(("--top-p", try TopP(topP))) }
    if minP != 0 { used.append(("--min-p", try MinP(minP))) }
    if typical != 1 { used.append(("--typical", try Typical(typical))) }
    if epsilon != 0 { used.append(("--epsilon", try EpsilonCutoff(epsilon))) }
    if eta != 0 { used.append(("--eta", try EtaCutoff(eta))) }
    if let topNSigma { used.append(("--top-n-sigma", try TopNSigma(topNSigma))) }
    if let xtcProbability {
      let places = xtcInsideWords ? nil : try vocabulary.map { try WordPlaces($0) }
      let processor = try XTC(
        probability: xtcProbability, threshold: xtcThreshold ?? 0.1, places: places)
      used.append(("--xtc-probability", processor))
    }
    if let mirostat {
      let processor = try Mirostat(
        version: mirostat, target: mirostatTau ?? 1.2, rate: mirostatEta ?? 0.1)
      used.append(("--mirostat", processor))
    }
    return used
  }

  /// What `--sampler-order` calls those that are in use.
  var names: [String] {
    get throws { try processors(nil).map { type(of: $0.processor).name } }
  }

  /// Throws `SamplingError` for numbers that make no sense, and for options that others undo.
  func check(isGreedy: Bool) throws {
    let used = try processors(nil).map(\.option)
    let dependent: [(String, Bool, String, Bool)] = [
      ("--xtc-threshold", xtcThreshold != nil, "--xtc-probability", xtcProbability != nil),
      ("--xtc-inside-words", xtcInsideWords, "--xtc-probability", xtcProbability != nil),
      ("--mirostat-tau", mirostatTau != nil, "--mirostat", mirostat != nil),
      ("--mirostat-eta", mirostatEta != nil, "--mirostat", mirostat != nil),
    ]
    for (name, isGiven, needed, isThere) in dependent where isGiven && !isThere {
      throw SamplingError.missing(name: name, needed: needed)
    }
    if isGreedy, let first = used.first {
      throw SamplingError.contradiction(
        first: "--temperature 0", second: first,
        reason: "the likeliest character is taken in any case")
    }
    if mirostat != nil, let other = used.first(where: { $0 != "--mirostat" }) {
      throw SamplingError.contradiction(
        first: "--mirostat", second: other, reason: "mirostat moves a cut of its own")
    }
  }
}
