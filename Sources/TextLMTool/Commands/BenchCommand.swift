import ArgumentParser
import TextLM

struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "bench")
}
