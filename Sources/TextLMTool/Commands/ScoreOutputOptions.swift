import ArgumentParser
import TextLM

/// How scores are printed, and what computes them.
struct ScoreOutputOptions: ParsableArguments, ComputingOptions {
  /// The ways of printing.
  enum Form: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
    case kenlm
  }

  @Option(
    name: .customLong("format"),
    help: """
      Print results as text for people, as json for programs, or as KenLM's query does (kenlm), with \
      each line of text as a sentence by itself, and characters as its words: --per token, line and \
      total are its -v word, sentence and summary.
      """)
  var form: Form = .text

  @OptionGroup var engine: EngineOptions
  @OptionGroup var output: NoteOptions

  /// Where one of the usual two is asked for, that one.
  var format: OutputFormat { form == .json ? .json : .text }
}
