import ArgumentParser
import TextLM

/// `textlm show loss`: where a model loses.
struct ShowLossCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "loss", abstract: "Show which characters cost most, by kind and by place.",
    discussion: """
      The loss by kind of character, by script where there are several, and by the place in the \
      line, in the word and in the document, counted from 1: how many tokens, their mean in bits, and \
      the part of the whole cost that they are. A token of several characters counts with its first.
      """)

  @OptionGroup var text: ShownTextOptions
  @OptionGroup var precision: PrecisionOptions
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    try text.check(shared.format)
  }

  func run() throws {
    try shared.apply()
    let model = try text.model.load(shared.output)
    shared.noteEngine(precision.forMeasuring)
    let documents = try text.documents(model, shared.output)
    let breakdown = try model.lossBreakdown(documents, precision: precision.forMeasuring)
    if shared.format == .json {
      return try Console.standardOutput(breakdown.json.text(nonFinite: .null) + "\n")
    }
    if try text.writePage(shared.output, { breakdown.html(title: "Loss on \(text.title)") }) {
      return
    }
    for (index, table) in breakdown.tables.enumerated() {
      if index > 0 { try Console.standardOutput("\n") }
      let rows = table.groups.map { group in
        [
          group.name, Numbers.grouped(group.tokenCount), Numbers.fixed(group.bitsPerToken, 3),
          Numbers.fixed(100 * group.share(of: breakdown), 1) + " %",
        ]
      }
      let header = [table.heading, "tokens", "bits", "of all"]
      for line in TextTable.lines([header] + rows, left: [0]) {
        try Console.standardOutput(line + "\n")
      }
    }
  }
}
