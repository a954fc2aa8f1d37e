import ArgumentParser

/// `textlm show`: shows what a model makes of a text.
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show what a model makes of a text, character by character.",
    discussion: """
      What it expected, what its units follow, where it looked, and where it loses. Each can be \
      written as a page of HTML that needs nothing but itself.
      """,
    subcommands: [
      ShowSurprisalCommand.self, ShowUnitsCommand.self, ShowMemoryCommand.self,
      ShowLossCommand.self,
    ])
}
