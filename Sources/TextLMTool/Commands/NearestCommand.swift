import ArgumentParser
import TextLM

/// `textlm nearest`: the texts most like another.
struct NearestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nearest", abstract: "Find the lines of a text that are most like another text.",
    discussion: """
      Like are texts whose vectors, as of `textlm embed`, point in nearly the same direction; printed \
      is the cosine of the angle between them, at most 1, then the text. A character model finds what \
      is written alike, such as names of one language, rather than what means the same.
      """)

  @Argument(help: ArgumentHelp("The text to compare with.", valueName: "query"))
  var query: String

  @Argument(
    help: ArgumentHelp("The texts to search among; - for standard input.", valueName: "file"))
  var file: String

  @OptionGroup var options: EmbeddingOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Texts to print, at most; 10 by default.", valueName: "n"))
  var top = 10

  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if !(1...1 << 30).contains(top) {
      throw ValidationError("--top is \(top), but must be from 1 to \(1 << 30)")
    }
    if query.isEmpty { throw ValidationError("the query is empty: give at least one character") }
  }

  func run() throws {
    try shared.apply()
    let embedder = try options.embedder(shared.output)
    shared.noteEngine(.float32)
    let texts = try options.texts(file, embedder, shared.output)
    let wanted = embedder.vectors([UTF8Text(query)])[0]
    let found = NearestVectors(embedder.vectors(texts)).nearest(to: wanted, count: top)
    for (index, cosine) in found {
      let text = texts[index].string
      guard shared.format == .json else {
        try Console.standardOutput("\(Numbers.fixed(cosine, 4))  \(TerminalText.visible(text))\n")
        continue
      }
      let row: JSONValue = [
        "index": JSONValue(index), "cosine": JSONValue(cosine), "text": JSONValue(text),
      ]
      try Console.standardOutput(row.text() + "\n")
    }
  }
}
