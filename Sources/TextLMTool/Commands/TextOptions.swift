import ArgumentParser
import TextLM

/// How the text is read.
struct TextOptions: ParsableArguments {
  /// Which part is held out.
  enum Split: String, ExpressibleByArgument, CaseIterable {
    case tail
    case streams
  }

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Part of the text that is not learned from but held out to measure the model on; 0 for none. \
      The default is 0.1.
      """, valueName: "part"))
  var validationFraction: Double?

  @Option(help: ArgumentHelp("Measure the model on this text instead.", valueName: "file"))
  var validation: String?

  @Option(
    help: ArgumentHelp(
      "Hold out the tail of the text, which is the default, or of each of a batch's streams.",
      valueName: "way"))
  var split: Split?

  func validate() throws {
    if let validationFraction, !(validationFraction >= 0 && validationFraction < 1) {
      throw ValidationError(
        "--validation-fraction is \(validationFraction), but must be from 0 to below 1")
    }
    if validation != nil && (validationFraction != nil || split != nil) {
      throw ValidationError(
        "--validation cannot be given with --validation-fraction or --split: it is a text of its own"
      )
    }
  }

  /// What a resumed run has decided already.
  var fixed: [FixedOption] {
    [
      FixedOption(
        "--validation-fraction",
        validationFraction.map { $0 == 0 ? .nothing("0") : .number($0) }, "split", "fraction"),
      FixedOption("--split", split.map { .word($0.rawValue) }, "split", "kind"),
      FixedOption("--validation", validation.map { _ in .word("files") }, "split", "kind"),
    ].compactMap { $0 }
  }

  func split(_ files: [CorpusFile]) throws -> CorpusSplit {
    if !files.isEmpty { return .files(files) }
    let fraction = validationFraction ?? 0.1
    if fraction == 0 { return .none }
    return switch split ?? .tail {
    case .tail: .tail(fraction: fraction)
    case .streams: .streams(fraction: fraction)
    }
  }
}
