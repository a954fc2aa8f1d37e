import ArgumentParser
import TextLM

/// Texts that are compared before one is printed.
struct SearchOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Write so many texts and print the likeliest by nats a character, --samples of them.",
      valueName: "count"))
  var bestOf: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Draw nothing, and look for the likeliest text with so many texts at a time. Long ones repeat \
      themselves: it is for short ends and constraints.
      """, valueName: "width"))
  var beam: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Groups of a beam that keep away from each other, for different texts; the default is 1.",
      valueName: "count"))
  var beamGroups: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Nats that a character costs more where an earlier group took it; the default is 0.5.",
      valueName: "nats"))
  var beamDiversity: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Whole texts of a beam are ranked by nats / length^a: 0 prefers short ones, the default is 1.",
      valueName: "a"))
  var lengthPower: Double?

  @Flag(
    help: """
      Draw nothing, and take the likely character whose place is least like all before: no loops and \
      few mistakes.
      """)
  var contrastive = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Likely characters that --contrastive chooses among; the default is 4.", valueName: "k"))
  var candidates: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      How much --contrastive minds likeness: 0 takes the likeliest, 1 the least alike; the default is \
      0.6.
      """, valueName: "a"))
  var penaltyAlpha: Double?

  /// The contrastive search that is asked for.
  func contrast() throws -> ContrastiveSearch? {
    guard contrastive else { return nil }
    return try ContrastiveSearch(candidateCount: candidates ?? 4, penalty: penaltyAlpha ?? 0.6)
  }

  /// The beam that is asked for.
  func search() throws -> BeamSearch? {
    guard let beam else { return nil }
    let groupCount = beamGroups ?? 1
    return try BeamSearch(
      width: beam, groupCount: groupCount,
      diversity: beamDiversity ?? (groupCount > 1 ? 0.5 : 0), lengthPower: lengthPower ?? 1)
  }

  /// Throws for numbers and combinations that make no sense; `drawing` are the options in use that
  /// change what is drawn, and `greedy` is the one that leaves nothing to draw, if there is one.
  func check(samples: Int, drawing: [String], greedy: String?) throws {
    let dependent = [
      ("--beam-groups", beamGroups != nil, "--beam", beam != nil),
      ("--beam-diversity", beamDiversity != nil, "--beam", beam != nil),
      (
        "--beam-diversity", beamDiversity != nil, "--beam-groups of 2 or more",
        (beamGroups ?? 1) > 1
      ),
      ("--length-power", lengthPower != nil, "--beam", beam != nil),
      ("--candidates", candidates != nil, "--contrastive", contrastive),
      ("--penalty-alpha", penaltyAlpha != nil, "--contrastive", contrastive),
    ]
    for (name, isGiven, needed, isThere) in dependent where isGiven && !isThere {
      throw SamplingError.missing(name: name, needed: needed)
    }
    _ = try search()
    _ = try contrast()
    if contrastive {
      try checkContrast(samples: samples, drawing: drawing)
    }
    if beam != nil, let first = ((bestOf == nil ? [] : ["--best-of"]) + drawing).first {
      throw SamplingError.contradiction(
        first: "--beam", second: first,
        reason: "a beam draws nothing, and takes what the model finds likeliest; leave one out")
    }
    if let bestOf, bestOf < 2 {
      throw SamplingError.outOfRange(
        name: "--best-of", value: "\(bestOf)", allowed: "2 or more: of one the best is itself")
    }
    let several: String? = samples > 1 ? "--samples \(samples)" : bestOf.map { "--best-of \($0)" }
    if let greedy, let several {
      throw SamplingError.contradiction(
        first: several, second: greedy,
        reason: "the likeliest character is always taken, and all texts are alike; leave one out")
    }
    if let (name, most) = beam.map({ ("--beam", $0) }) ?? bestOf.map({ ("--best-of", $0) }),
      samples > most
    {
      throw SamplingError.outOfRange(
        name: "--samples", value: "\(samples)", allowed: "at most \(name), which is \(most)")
    }
  }

  /// Throws for what does not go together with contrastive search.
  private func checkContrast(samples: Int, drawing: [String]) throws {
    let others = [("--best-of", bestOf != nil), ("--beam", beam != nil)].filter(\.1).map(\.0)
    if let first = (others + drawing).first {
      throw SamplingError.contradiction(
        first: "--contrastive", second: first,
        reason: "contrastive search draws nothing; leave one out")
    }
    if samples > 1 {
      throw SamplingError.outOfRange(
        name: "--samples", value: "\(samples)", allowed: "1: contrastive search finds one text")
    }
  }
}
