#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif
import ArgumentParser
import TextLM

/// `textlm write`: writes a text together with a model.
struct WriteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "write", abstract: "Write a text together with a model, in the terminal.",
    discussion: """
      Type, and the model proposes the next characters and words with their probabilities: Tab takes \
      the one in [ ], the arrows to the left and right choose another, and Alt with a digit takes the \
      one of that number. Ctrl-N lets the model write on to the end of the sentence, at a temperature \
      that the arrows up and down change; any key stops it. Ctrl-Z takes the last step back and \
      Ctrl-Y does it again. Ctrl-T shows or hides in colours how surprising each character is to the \
      model, from grey to red; NO_COLOR turns them off. Ctrl-S saves and Ctrl-Q ends.

      The text is written at its end. The model reads a long file while you write, and proposes when it \
      has read all. What another program changes in the file meanwhile is kept: the text is then saved \
      beside it.
      """)

  @Argument(
    help: ArgumentHelp(
      "The text's file, which is read if it is there; the default is to ask when saving.",
      valueName: "file"))
  var file: String?

  @OptionGroup var modelOptions: ModelOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The temperature to begin with, from 0 to 3; the default is 0.8.", valueName: "t"))
  var temperature = 0.8

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "A number that decides what the model writes; random by default.", valueName: "n"))
  var seed: UInt64?

  @OptionGroup(title: "Reading of the text, which is saved in UTF-8") var reading: EncodingOptions
  @OptionGroup var precision: PrecisionOptions
  @OptionGroup var engine: EngineOptions
  @OptionGroup var notes: NoteOptions

  func validate() throws {
    guard 0...3 ~= temperature else {
      throw ValidationError("--temperature is \(temperature), but must be from 0 to 3")
    }
    try reading.check(hasText: file != nil, needed: "a file")
  }

  func run() throws {
    for (name, isTerminal) in [
      ("input", Console.inputIsTerminal), ("output", Console.outputIsTerminal),
    ] where !isTerminal {
      throw ValidationError(
        "write needs a terminal, and standard \(name) is none: use `textlm generate` for files and "
          + "pipes")
    }
    if Environment.value("TERM") == "dumb" {
      throw ValidationError("write needs a terminal that can move its cursor, but TERM is dumb")
    }
    try engine.apply()
    let model = try modelOptions.load(notes)
    engine.note(precision.forWriting(), to: notes)
    let corpus = try readFile()
    let desk = WritingDesk(
      text: try corpus?.text.string ?? "", path: file, temperature: temperature,
      isColored: Environment.value("NO_COLOR") == nil)
    var session = try WritingSession(
      desk, file: WritingFile(corpus), model: model, precision: precision.forWriting(),
      seed: seed ?? SystemRandomNumberGenerator.seed())
    try session.run { path in
      notes.note("what was not saved is in \(path)")
    }
  }

  /// The file as it is; nil when it is not there yet.
  private func readFile() throws -> CorpusFile? {
    guard let file, access(file, F_OK) == 0 else { return nil }
    let corpus = try CorpusFile(contentsOf: file, reading.rules())
    for notice in corpus.notices { notes.note("note: \(notice)") }
    return corpus
  }
}
