import ArgumentParser
import TextLM

/// `textlm classify predict`: tells which labels texts have.
struct ClassifyPredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict", abstract: "Tell which labels texts have, a line each.",
    discussion: """
      A text a line is read as it comes, and answered with its label and how probable that is, \
      separated by a tab; with --top by several. Where a text may have several labels, it is all that \
      it gets, or - for none. A blank line says nothing and is answered with one, or with null as \
      JSON. Tables and JSON lines are read with --data-format and --text-column. Standard input is answered \
      line by line, unless it is UTF-16 or the like, or --encoding auto has to see all of it first.
      """)

  @Argument(help: ArgumentHelp("The texts; - or none for standard input.", valueName: "file"))
  var file = "-"

  @OptionGroup var model: ClassifierModelOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Print the likeliest so many labels instead of those that the text gets.", valueName: "n"))
  var top: Int?

  @Flag(
    help: """
      Show what each character contributed to the likeliest label that the text gets: coloured on a \
      terminal, as numbers for each character with --format json. Of n-grams it is exact; of networks \
      it takes a reading for each character, and only the first 500 of a text are explained, as if \
      they were all of it; probes do not tell.
      """)
  var explain = false

  @Option(
    help: ArgumentHelp(
      "How the texts are written: lines, which is the default, csv, tsv or jsonl.",
      valueName: "format"))
  var dataFormat: LabelledFormat = .lines

  @Option(
    help: ArgumentHelp(
      "The column or JSON member with the text: a name, or a number from 1 on.",
      valueName: "name"))
  var textColumn: String?

  @OptionGroup var bytes: EncodingOptions
  @OptionGroup var shared: SharedOptions

  /// Bytes of a line that are read at most.
  private static let lineLimit = 64 << 20
  /// Texts that are answered at once.
  private static let portion = 1024

  func validate() throws {
    if let top, !(1...1 << 20).contains(top) {
      throw ValidationError("--top is \(top), but must be from 1 to \(1 << 20)")
    }
    switch dataFormat {
    case .lines:
      if textColumn != nil {
        throw ValidationError(
          "--text-column means nothing to lines: say what it is with --data-format")
      }
    case .csv, .tsv, .jsonLines:
      if file == "-" {
        throw ValidationError("--data-format \(dataFormat.rawValue) reads a file: name it")
      }
    case .automatic, .fastText, .folder:
      throw ValidationError(
        "--data-format is \(dataFormat.rawValue), but must be lines, csv, tsv or jsonl")
    }
  }

  func run() throws {
    try shared.apply()
    let classifier = try model.load(shared.output)
    if explain, case .probe = classifier.model {
      throw OptionError.value(
        option: "--explain", value: "on", allowed: "off for a probe, which does not tell")
    }
    if explain, let length = classifier.quicklyExplainedLength {
      shared.note(
        "note: of each text the first \(Numbers.grouped(length)) characters are explained, by "
          + "themselves: a network reads them once for each")
    }
    let writer = try PredictionWriter(
      classifier, format: shared.format, top: top, explains: explain)
    guard dataFormat == .lines else { return try predictRows(writer) }
    noteTable()
    var line: [UInt8] = []
    var waiting: [(line: Int, text: String)] = []
    var cutCount = 0
    func answer() throws {
      try writer.write(waiting)
      waiting.removeAll(keepingCapacity: true)
    }
    try TextInput.forEachLines(file, bytes.rules(), longest: Self.lineLimit, shared.output) {
      pieces in
      for piece in pieces {
        let room = Self.lineLimit - line.count
        line += piece.bytes.prefix(room)
        guard piece.endsLine else { continue }
        if line.count == Self.lineLimit { cutCount += 1 }
        waiting.append((piece.number, Self.text(line)))
        line.removeAll(keepingCapacity: true)
        if waiting.count == Self.portion { try answer() }
      }
      // What has come is answered before more is waited for.
      try answer()
    }
    if cutCount > 0 {
      shared.note(
        "warning: of \(Numbers.grouped(cutCount)) lines only the first \(Self.lineLimit >> 20) MiB "
          + "were read")
    }
  }

  /// Says how to read the columns of what has the name of a table.
  private func noteTable() {
    guard let format = LabelledFormat(extensionOf: file) else { return }
    shared.note(
      "note: \(file) is read as a text a line; give --data-format \(format.rawValue) to read its "
        + "texts alone")
  }

  /// A line without its end.
  private static func text(_ line: [UInt8]) -> String {
    var bytes = line[...]
    if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
    if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Answers the rows of a table, which may have labels that do not matter.
  private func predictRows(_ writer: PredictionWriter) throws {
    var reading = LabelledReading()
    reading.format = dataFormat
    reading.textColumn = textColumn
    // So that no label is looked for beside the text.
    reading.labelOrigin = .fileName
    reading.rules = bytes.rules()
    let data = try LabelledDataOptions.read([file], reading, shared.output)
    for start in stride(from: 0, to: data.texts.count, by: Self.portion) {
      let part = data.texts[start..<min(start + Self.portion, data.texts.count)]
      try writer.write(part.map { ($0.place.line, $0.text) })
    }
  }
}
