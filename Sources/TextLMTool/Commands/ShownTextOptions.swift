import ArgumentParser
import TextLM

/// A text that is shown, with the model that reads it.
struct ShownTextOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("The text; - or none for standard input.", valueName: "file"))
  var file = "-"

  @OptionGroup var model: ModelOptions

  @Option(
    help: ArgumentHelp(
      "Write a page of HTML to this file instead, which needs nothing else; - for standard output.",
      valueName: "file"))
  var html: String?

  @OptionGroup var replacing: OverwriteOptions

  @OptionGroup(title: "Reading of the text") var reading: ReadingOptions

  /// Reads the documents of the text.
  func documents(_ model: TextModel, _ output: some NoteTaker) throws -> [UTF8Text] {
    try replacing.checkFree(html, option: "--html")
    let input = try TextInput.read(file, output, reading.rules(for: model))
    for notice in input.notices { output.note("note: \(notice)") }
    let documents = try input.documents
    if documents.isEmpty { throw SeeingError.empty(source: input.sourceName) }
    return documents
  }

  /// Reads the first document of the text, and notes that there are more.
  func firstDocument(_ model: TextModel, _ output: some NoteTaker) throws -> UTF8Text {
    let documents = try documents(model, output)
    if documents.count > 1 {
      output.note(
        "note: \(Numbers.grouped(documents.count)) documents, of which the first is shown")
    }
    return documents[0]
  }

  /// Reads the file as a table of texts with labels, or another form of them, and tells how it was read.
  func labelled(_ output: some NoteTaker) throws -> LabelledData {
    try replacing.checkFree(html, option: "--html")
    var labelled = LabelledReading()
    labelled.rules = reading.bytes.rules()
    return try LabelledDataOptions.read([file], labelled, output)
  }

  /// Writes the page of `--html` and says so; whether one was asked for.
  func writePage(_ output: some NoteTaker, _ page: () throws -> String) throws -> Bool {
    guard let html else { return false }
    try ResultPath.write(Array(try page().utf8), to: html)
    if html != ResultPath.standardOutput { output.note("written to \(html)") }
    return true
  }

  /// What a page is called: the name of the file.
  var title: String { file == "-" ? "standard input" : file }

  /// Refuses two ways to print at once, and a page in the place of the text.
  func check(_ format: OutputFormat) throws {
    if html != nil, format == .json {
      throw ValidationError("--format json goes to standard output: leave --html away")
    }
    try replacing.checkUse(html, option: "--html", input: file)
  }
}
