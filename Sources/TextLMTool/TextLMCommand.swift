import ArgumentParser
import TextLM

/// The `textlm` command.
@main
struct TextLMCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "textlm",
    abstract: "Character-level language models: train on any text, write with them, measure text.",
    discussion: """
      The shortest way:  textlm train corpus.txt && textlm generate

      Results go to standard output; progress, notes and errors to standard error. Exit codes: 0 \
      done, 64 wrong usage, 65 unusable text or model, 74 input or output failed, 75 the run is \
      locked by another process, 130 and 143 stopped by Ctrl-C or SIGTERM after saving.
      """,
    version: TextLMVersion.current,
    subcommands: [
      TrainCommand.self, TuneCommand.self, CompareCommand.self, TaskCommand.self,
      GenerateCommand.self, WriteCommand.self, ScoreCommand.self, CompareScoresCommand.self,
      FillCommand.self, RankCommand.self, ShowCommand.self, EmbedCommand.self,
      NearestCommand.self, ClassifyCommand.self, CompressCommand.self, DecompressCommand.self,
      TokenizeCommand.self, DetokenizeCommand.self, VocabCommand.self, InspectCommand.self,
      PlotCommand.self, BenchCommand.self,
    ])

  static func main() {
    Signals.turnIntoErrors()
    do {
      try Arguments.checkBytes()
      var command = try parseAsRoot(Arguments.normalized(CommandLine.arguments.dropFirst()))
      try command.run()
    } catch {
      Failure.exit(error)
    }
  }
}
