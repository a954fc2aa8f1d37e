import ArgumentParser
import TextLM

/// How labelled texts are written.
struct LabelledDataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      How the texts are written: csv, tsv, jsonl, fasttext, lines (a text a line, the label in the \
      file's name), or folder (a text a file, the label in its folder's name). By default it is found \
      out.
      """, valueName: "format"))
  var dataFormat: LabelledFormat = .automatic

  @Option(
    help: ArgumentHelp(
      """
      The column or JSON member with the text: a name, or a number from 1 on. By default usual names \
      such as text and sentence are looked for.
      """, valueName: "name"))
  var textColumn: String?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      """
      The column or JSON member with the label; repeatable where a text has several. By default usual \
      names such as label and sentiment are looked for.
      """, valueName: "name"))
  var labelColumn: [String] = []

  @Option(
    help: ArgumentHelp(
      "What lies between the labels in a field, where a text has several.", valueName: "text"))
  var labelSeparator: String?

  @Option(
    help: ArgumentHelp(
      """
      Take the label from the folder, the file-name or its extension, when it is not beside the text. By \
      default each of several folders with files of plain text is a label, and so is each folder in one.
      """, valueName: "place"))
  var labelFrom: LabelOrigin?

  @Option(
    help: ArgumentHelp(
      "What lies between the fields of a table; by default it is found out.",
      valueName: "character"))
  var delimiter: String?

  @Option(
    help: ArgumentHelp(
      "Whether a table's first row names its columns: auto, yes or no.", valueName: "rule"))
  var header: HeaderRule = .automatic

  @Flag(help: "Refuse the first bad row instead of leaving such rows out and listing them.")
  var strict = false

  @OptionGroup var bytes: EncodingOptions

  func validate() throws {
    if let delimiter, delimiter.unicodeScalars.count != 1 {
      throw ValidationError("--delimiter is \"\(delimiter)\", but must be one character")
    }
  }

  /// How texts with labels of this kind are read.
  func reading(_ kind: LabelKind) -> LabelledReading {
    var reading = LabelledReading()
    reading.format = dataFormat
    reading.kind = kind
    reading.textColumn = textColumn
    reading.labelColumns = labelColumn
    reading.labelSeparator = labelSeparator
    reading.labelOrigin = labelFrom
    reading.delimiter = delimiter?.unicodeScalars.first
    reading.header = header
    reading.isStrict = strict
    reading.rules = bytes.rules()
    return reading
  }

  /// Reads texts, and tells how they were read and what was left out.
  func read(_ paths: [String], _ kind: LabelKind, _ notes: some NoteTaker) throws -> LabelledData {
    try Self.read(paths, reading(kind), notes)
  }

  /// The same for a reading of any kind.
  static func read(
    _ paths: [String], _ reading: LabelledReading, _ notes: some NoteTaker
  ) throws -> LabelledData {
    if paths.contains("-") { TextInput.noteTyping(notes) }
    let data = try reading.read(paths)
    for source in data.sources { notes.note("\(source)") }
    note(data.badRows, count: data.badRowCount, notes)
    return data
  }

  /// Bad rows that are told one by one.
  private static let toldCount = 5

  private static func note(_ rows: [BadRow], count: Int, _ notes: some NoteTaker) {
    guard count > 0 else { return }
    let told = notes.verbose ? rows.count : min(rows.count, toldCount)
    for row in rows.prefix(told) { notes.note("warning: left out: \(row)") }
    if count > told {
      notes.note("warning: and \(Numbers.grouped(count - told)) bad rows more were left out")
    }
  }
}
