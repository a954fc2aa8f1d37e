import ArgumentParser
import TextLM

/// `textlm tokenize`: shows a text as the tokens that a model reads.
struct TokenizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokenize", abstract: "Show a text as the tokens that a model reads.",
    discussion: """
      One token a line, with control characters shown; bytes of characters that the vocabulary \
      does not have as <0xE2>, unknown characters as U+FFFD. --ids prints the tokens' numbers, a \
      line of them for each line of the text, and --format json a row for each token with the \
      bytes of the text that it stands for, counted from 0 before any preparation. Each document \
      begins with the boundary, token 0.
      """)

  @OptionGroup var modelOptions: ModelOptions

  @Argument(
    help: ArgumentHelp(
      "Texts and folders of texts; - or none for standard input.", valueName: "file"))
  var files: [String] = []

  @Flag(help: "Print the tokens' numbers, which detokenize reads.")
  var ids = false

  @OptionGroup(title: "Reading of the text") var reading: ReadingOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if files.count(where: { $0 == "-" }) > 1 {
      throw ValidationError("standard input (-) can be given only once")
    }
    if ids && output.format == .json {
      throw ValidationError("--ids cannot be given with --format json, which has the numbers too")
    }
  }

  func run() throws {
    let model = try modelOptions.load(output)
    let rules = reading.rules(ReadingRules(newlines: model.tokenizer.preparation.newlines))
    for path in files.isEmpty ? ["-"] : files {
      try TextInput.forEachText(path, rules, output) { name, read in
        try printTokens(of: name, model.tokenizer, read)
      }
    }
  }

  /// A passage at a time, so that a text of any length takes the same memory.
  private func printTokens(
    of name: String, _ tokenizer: Tokenizer,
    _ read: (Bool, (Passage) throws -> Void) throws -> Void
  ) throws {
    let isJSON = output.format == .json
    var rows = try TokenRows(
      tokenizer: tokenizer, document: name, style: isJSON ? .json : ids ? .ids : .text)
    try read(isJSON) { passage in
      func place(_ range: Range<Int>) -> Range<Int> {
        passage.sourceMap?.sourceRange(of: range) ?? range
      }
      if passage.startsDocument {
        try rows.addBoundary(at: place(0..<0).lowerBound)
      }
      let located =
        isJSON
        ? tokenizer.encodeWithOffsets(passage.text)
        : LocatedTokens(tokens: tokenizer.encode(passage.text))
      try rows.add(located, place: place)
    }
    try rows.finish()
  }
}
