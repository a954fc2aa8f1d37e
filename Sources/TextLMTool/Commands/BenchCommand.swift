import ArgumentParser

/// `textlm bench`: measures this machine.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure how fast this machine trains, writes, scores and reads.",
    discussion: """
      Without a subcommand, models are measured: `textlm bench --layers 2` is `textlm bench model \
      --layers 2`.
      """,
    subcommands: [BenchModelCommand.self, BenchTextCommand.self],
    defaultSubcommand: BenchModelCommand.self)
}
