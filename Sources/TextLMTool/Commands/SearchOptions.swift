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

  /// The beam that is asked for.
  func search() throws -> BeamSearch? {
    guard let beam else { return nil }
    let groupCount = beamGroups ?? 1
    return try BeamSearch(
      width: beam, groupCount: groupCount,
      diversity: beamDiversity ?? (groupCount > 1 ? 0.5 : 0), lengthPower: lengthPower ?? 1)
  }

  /// Throws for numbers and combinations that make no sense; `drawing` are the options in use that
  /// change what is drawn.
  func check(samples: Int, drawing: [String]) throws {
    _ = try search()
    let dependent = [
      ("--beam-groups", beamGroups != nil), ("--beam-diversity", beamDiversity != nil),
      ("--length-power", lengthPower != nil),
    ]
    for (name, isGiven) in dependent where isGiven && beam == nil {
      throw SamplingError.missing(name: name, needed: "--beam")
    }
    if beam != nil, let first = ((bestOf == nil ? [] : ["--best-of"]) + drawing).first {
      throw SamplingError.contradiction(
        first: "--beam", second: first, reason: "a beam draws nothing")
    }
    if let bestOf, bestOf < 2 {
      throw SamplingError.outOfRange(
        name: "--best-of", value: "\(bestOf)", allowed: "2 or more: of one the best is itself")
    }
    if let (name, most) = beam.map({ ("--beam", $0) }) ?? bestOf.map({ ("--best-of", $0) }),
      samples > most
    {
      throw SamplingError.outOfRange(
        name: "--samples", value: "\(samples)", allowed: "at most \(name), which is \(most)")
    }
  }
}
