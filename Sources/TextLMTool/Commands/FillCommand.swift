import ArgumentParser
import TextLM

/// `textlm fill`: finds what stands in the gaps of a text.
struct FillCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fill", abstract: "Fill the gaps of a text.",
    discussion: """
      [?] is one missing character, [??] are two, as in "The qu[?]ck br[??]n". A model that reads \
      forward proposes; with --backward a second one that was trained with --direction backward \
      proposes too, and what both find likeliest comes first.

      Printed are the likeliest texts, each behind its part of the probability of all that were found.
      """)

  @Argument(help: ArgumentHelp("The text with gaps.", valueName: "text"))
  var text: String

  @OptionGroup var directed: DirectedModelOptions

  @Option(
    name: .customShort("n"), parsing: .unconditional,
    help: ArgumentHelp("Texts to print, at most.", valueName: "count"))
  var count = 5

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Texts that are kept at each character: more find more in long gaps, and take longer.",
      valueName: "n"))
  var beam = 64

  @OptionGroup var shared: SharedOptions

  func validate() throws {
    for (name, value) in [("-n", count), ("--beam", beam)] where !(1...1 << 16).contains(value) {
      throw ValidationError("\(name) is \(value), but must be from 1 to \(1 << 16)")
    }
  }

  func run() throws {
    try shared.apply()
    let template = try GapTemplate(text)
    let filler = GapFiller(try directed.load(shared.output), width: beam)
    for filling in try filler.fillings(template).prefix(count) {
      guard shared.format == .json else {
        try Console.standardOutput(
          "\(Numbers.fixed(filling.share, 3))  \(TerminalText.neutralized(filling.text))\n")
        continue
      }
      var row: JSONObject = [
        "text": JSONValue(filling.text), "gaps": .array(filling.gaps.map { JSONValue($0) }),
        "share": JSONValue(filling.share),
      ]
      for member in filling.cost.json.members { row.append(member.key, member.value) }
      try Console.standardOutput(JSONValue.object(row).text() + "\n")
    }
  }
}
