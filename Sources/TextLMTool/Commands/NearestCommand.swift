import ArgumentParser
import TextLM

/// `textlm nearest`: the texts most like another.
struct NearestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nearest", abstract: "Find the lines of a text that are most like another text.",
    discussion: """
      Like are texts whose vectors, as of `textlm embed`, point in nearly the same direction; printed \
      is the cosine of the angle between them, at most 1, then the text; as JSON also the number of its \
      line, from 0. A character model finds what is written alike, such as names of one language, rather \
      than what means the same.
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
    if UTF8Text(query).isBlank {
      throw ValidationError("the query is blank: give at least one character that is no space")
    }
  }

  func run() throws {
    try shared.apply()
    let embedder = try options.embedder(shared.output)
    shared.noteEngine(.float32)
    let texts = try options.texts(file, embedder, shared.output)
    let wanted = embedder.vectors([UTF8Text(query)])[0]
    // Blank lines are like nothing, and the others keep the places of their lines.
    let places = texts.indices.filter { !texts[$0].isBlank }
    let vectors = NearestVectors(embedder.vectors(places.map { texts[$0] }))
    for (place, cosine) in vectors.nearest(to: wanted, count: top) {
      let index = places[place]
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
