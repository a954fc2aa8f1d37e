import TextLM

extension ScoreCommand {
  /// Prints how much of the documents stands in other texts, which are read by the rules.
  func printNovelty(
    _ model: TextModel, _ documents: [Document], _ rules: ReadingRules
  ) throws {
    let index = try copied.index(model, at: modelOptions.path, rules, shared.output)
    let novelty = model.novelty(of: documents.map(\.text), index)
    let longest = model.longestCopy(novelty)
    if shared.format == .json {
      let row: JSONValue = [
        "longest_copy": JSONValue(novelty.longest.count), "longest_copy_text": JSONValue(longest),
        "curve": .array(
          novelty.curve.map {
            [
              "length": JSONValue($0.length), "stretches": JSONValue($0.count),
              "new": JSONValue($0.newCount),
            ]
          }),
      ]
      return try Console.standardOutput(row.text() + "\n")
    }
    try Console.standardOutput("longest copy  \(Numbers.grouped(novelty.longest.count))\n")
    // All of it may be a whole book; JSON has it.
    let shown = TerminalText.visible(String(longest.prefix(200)))
    let isCut = longest.dropFirst(200).isEmpty == false
    if !longest.isEmpty { try Console.standardOutput(shown + (isCut ? " ..." : "") + "\n") }
    try Console.standardOutput("\ncharacters  stretches     new\n")
    for point in novelty.curve {
      let columns = [
        (Numbers.grouped(point.length), 10), (Numbers.grouped(point.count), 11),
        (Numbers.fixed(point.part * 100, 2) + "%", 8),
      ]
      let line = columns.map { String(repeating: " ", count: max(0, $1 - $0.count)) + $0 }
      try Console.standardOutput(line.joined() + "\n")
    }
  }
}
