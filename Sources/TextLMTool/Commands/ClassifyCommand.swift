import ArgumentParser

/// `textlm classify`: tells texts apart.
struct ClassifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "classify", abstract: "Tell texts apart by what labelled texts show.",
    discussion: """
      The shortest way:  textlm classify train reviews.csv && textlm classify predict texts.txt

      Labels may be anything: praise and blame, languages, spam. Data are tables, JSON lines, text \
      with fastText's labels, or files and folders whose names are labels.
      """,
    subcommands: [
      ClassifyTrainCommand.self, ClassifyPredictCommand.self, ClassifyEvaluateCommand.self,
    ])
}
