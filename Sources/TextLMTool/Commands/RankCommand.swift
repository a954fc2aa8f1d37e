import ArgumentParser
import TextLM

/// `textlm rank`: sorts texts by how likely they are.
struct RankCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rank", abstract: "Sort texts by how likely they are, such as corrections.",
    discussion: """
      Each text is a line of its own: of the arguments, or with - of the standard input. Printed are \
      the texts with their nats, the likeliest first. With --backward a model that was trained with \
      --direction backward reads them too, and the mean of both counts.

      Longer texts cost more. To compare texts of different lengths, --per-character divides by them.
      """)

  @Argument(
    help: ArgumentHelp("The texts, or - for lines of the standard input.", valueName: "text"))
  var texts: [String]

  @OptionGroup var directed: DirectedModelOptions

  @Flag(help: "Sort by nats for each character instead of nats for the whole text.")
  var perCharacter = false

  @OptionGroup(title: "Reading of the standard input") var reading: EncodingOptions
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    try reading.check(hasText: texts == ["-"], needed: "-")
  }

  func run() throws {
    try shared.apply()
    let models = try directed.load(shared.output)
    var lines = texts
    if texts == ["-"] {
      let input = try TextInput.read("-", shared.output, reading.rules()).text.string
      lines = input.split(whereSeparator: \.isNewline).map(String.init)
    }
    let costs = try models.ranked(lines)
    let ranked = perCharacter ? costs.sorted { natsShown($0) < natsShown($1) } : costs
    for cost in ranked {
      guard shared.format == .json else {
        try Console.standardOutput(
          "\(Numbers.fixed(natsShown(cost), 3))  \(TerminalText.neutralized(cost.text))\n")
        continue
      }
      var row: JSONObject = ["text": JSONValue(cost.text)]
      for member in cost.json.members { row.append(member.key, member.value) }
      try Console.standardOutput(JSONValue.object(row).text() + "\n")
    }
  }

  private func natsShown(_ cost: DirectedModels.Cost) -> Double {
    perCharacter ? cost.nats / Double(max(cost.characterCount, 1)) : cost.nats
  }
}

extension DirectedModels.Cost {
  /// The members of a row of results.
  var json: JSONObject {
    [
      "nats": JSONValue(nats), "forward_nats": JSONValue(forwardNats),
      "backward_nats": backwardNats.map { JSONValue($0) } ?? .null,
      "characters": JSONValue(characterCount),
    ]
  }
}
