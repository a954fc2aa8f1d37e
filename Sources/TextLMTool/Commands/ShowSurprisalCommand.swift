import ArgumentParser
import TextLM

/// `textlm show surprisal`: what each character cost, and what was expected in its place.
struct ShowSurprisalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "surprisal",
    abstract: "Colour each character by how unexpected it was, over what was expected.",
    discussion: """
      Beneath each character are the likeliest ones in its place, the likeliest on top, and the one \
      that came in bold. Where there are no colours - NO_COLOR is set, or nobody looks at a \
      terminal - a row of digits has the bits, 9 for all above 8.5. On a page of HTML the guesses \
      appear when a character is pointed at or tapped.
      """)

  @OptionGroup var text: ShownTextOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How many of the likeliest characters are shown.", valueName: "n"))
  var guesses = 5

  @OptionGroup var precision: PrecisionOptions
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if !(0...100).contains(guesses) {
      throw ValidationError("--guesses is \(guesses), but must be from 0 to 100")
    }
    try text.check(shared.format)
  }

  func run() throws {
    try shared.apply()
    let model = try text.model.load(shared.output)
    shared.noteEngine(precision.forMeasuring)
    let documents = try text.documents(model, shared.output)
    let maps = documents.map {
      model.surprisal($0, guessCount: guesses, precision: precision.forMeasuring)
    }
    guard maps.contains(where: { !$0.places.isEmpty }) else {
      throw SeeingError.empty(source: text.title)
    }
    if shared.format == .json {
      for (index, map) in maps.enumerated() { try print(map, document: index, model.tokenizer) }
      return
    }
    let shaded = zip(maps, documents).map { ShadedText($0, of: $1, model.tokenizer) }
    let isPage = try text.writePage(shared.output) {
      ShadedTextPage.html(
        title: "Surprisal of \(text.title)", remarks: [summary(maps)],
        ShadedText(joining: shaded))
    }
    if isPage { return }
    let screen = try Console.screen()
    for text in shaded { try Console.standardOutput(screen.text(text)) }
    try Console.standardOutput(summary(maps) + "\n")
  }

  private func summary(_ maps: [SurprisalMap]) -> String {
    let (count, bits) = maps.reduce((0, 0.0)) { sums, map in
      (sums.0 + map.places.count, sums.1 + map.places.reduce(0) { $0 + $1.bits })
    }
    let expected = maps.reduce(0) { $0 + $1.places.count { $0.rank == 1 } }
    let share = 100 * Double(expected) / Double(max(count, 1))
    return "\(Numbers.grouped(count)) tokens at \(Numbers.fixed(bits / Double(max(count, 1)), 3)) "
      + "bits; the likeliest came in \(Numbers.fixed(share, 1)) %."
  }

  /// A row for each token.
  private func print(_ map: SurprisalMap, document: Int, _ tokenizer: Tokenizer) throws {
    var lines = ""
    for (index, place) in map.places.enumerated() {
      let guesses = place.guesses.map { guess -> JSONValue in
        [
          "token": JSONValue(Int(guess.token)), "text": JSONValue(tokenizer.text(of: guess.token)),
          "probability": JSONValue(guess.probability),
        ]
      }
      let row: JSONValue = [
        "document": JSONValue(document), "index": JSONValue(index),
        "text": JSONValue(tokenizer.text(of: place.token)), "bits": JSONValue(place.bits),
        "rank": JSONValue(place.rank), "guesses": .array(guesses),
      ]
      lines += try row.text(nonFinite: .null) + "\n"
    }
    try Console.standardOutput(lines)
  }
}
