import ArgumentParser
import TextLM

/// `textlm detokenize`: turns token numbers back into text.
struct DetokenizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "detokenize", abstract: "Turn a model's token numbers back into text.",
    discussion: """
      Takes what `textlm tokenize --ids` or `--format json` prints: numbers with white space \
      between them, or a JSON object with a token on each line. Text comes as soon as its \
      characters are whole; a list of any length takes the same memory. Boundaries give nothing, \
      and unknown characters U+FFFD.
      """)

  @OptionGroup var modelOptions: ModelOptions

  @Argument(
    help: ArgumentHelp("Lists of tokens; - or none for standard input.", valueName: "file"))
  var files: [String] = []

  @Flag(
    help: """
      Let the terminal obey control characters of the text; otherwise they are shown. Files and \
      pipes get them as they are in any case.
      """)
  var raw = false

  @Flag(name: [.short, .long], help: "Print no notes, only results and errors.")
  var quiet = false

  func validate() throws {
    if files.count(where: { $0 == "-" }) > 1 {
      throw ValidationError("standard input (-) can be given only once")
    }
  }

  func run() throws {
    let model = try modelOptions.load { note in
      if !quiet { Console.standardError(TerminalText.neutralized(note) + "\n") }
    }
    for name in files.isEmpty ? ["-"] : files { try printText(of: name, model) }
  }

  private func printText(of name: String, _ model: TextModel) throws {
    let stream =
      name == "-" ? try ByteStream(standardInput: ()) : try ByteStream(opening: name)
    let vocabulary = model.tokenizer.vocabulary
    var list = TokenList(
      source: name == "-" ? "standard input" : name, tokenCount: vocabulary.count)
    var decoder = StreamingDecoder(vocabulary: vocabulary)
    while true {
      let bytes = try stream.next()
      var text: [UInt8] = []
      if bytes.isEmpty {
        try list.finish { decoder.decode($0, into: &text) }
        decoder.finish(into: &text)
      } else {
        try list.read(bytes) { decoder.decode($0, into: &text) }
      }
      try Console.standardOutput(
        untrusted: String(decoding: text, as: UTF8.self), isRaw: raw)
      if bytes.isEmpty { return }
    }
  }
}
