public import TextLMTokenization

/// How labelled texts are read.
///
/// ```swift
/// var reading = LabelledReading()
/// reading.labelColumns = ["stars"]
/// reading.kind = .ordinal
/// let data = try reading.read(["reviews.csv"])
/// print(data.texts.count, data.labels.names, data.badRowCount)
/// ```
///
/// Where a text may have several labels, an empty cell of a table and an empty member of a JSON object say
/// that it has none. Everywhere else a text without a label is a bad row.
///
/// Reading is one pass after one in which the file is looked at for its encoding, and memory holds
/// the texts and 64 MiB at most besides.
public struct LabelledReading: Sendable {
  /// How they are written.
  public var format: LabelledFormat = .automatic
  /// What the labels mean.
  public var kind: LabelKind = .single
  /// The column or the JSON member with the text: a name, or for tables a number from 1 on. When it
  /// is nil, usual names such as `text` and `sentence` are looked for.
  public var textColumn: String?
  /// The columns or the JSON members with the labels; several only where a text has several. When
  /// there is none, usual names such as `label` and `sentiment` are looked for.
  public var labelColumns: [String] = []
  /// What lies between the labels of one field, where a text has several.
  public var labelSeparator: String?
  /// What lies between the fields of a table, an ASCII character; nil to find out.
  public var delimiter: Unicode.Scalar?
  /// Whether quotes enclose fields of a table; nil to find out.
  public var hasQuotes: Bool?
  /// Whether a table's first row names its columns.
  public var header: HeaderRule = .automatic
  /// Where the label is, when it is not beside the text; nil to find out where there must be one.
  public var labelOrigin: LabelOrigin?
  /// Whether the first bad row is an error.
  public var isStrict = false
  /// How many bad rows are listed; all are counted.
  public var badRowLimit = 100
  /// How bytes become text; what it says of line ends and documents is not used.
  public var rules = ReadingRules()

  /// A folder may have very many files.
  private static let fileNoticeLimit = 3

  /// The standard choices.
  public init() {}

  /// Reads files and folders as one set of data; `-` is standard input.
  ///
  /// - Throws: `LabelledDataError`; `StorageError` and `TextError` as `CorpusFile` does.
  public func read(_ paths: [String]) throws -> LabelledData {
    let rules = fileRules
    let roots = try paths.map { path in
      let files =
        path == "-"
        ? [try CorpusFile(standardInput: (), rules)] : try CorpusFile.files(at: path, rules)
      return Root(path: path, files: files)
    }
    return try read(roots)
  }

  /// Reads files as one set of data, such as bytes in memory.
  ///
  /// - Throws: As `read(_:)` of paths does.
  public func read(_ files: [CorpusFile]) throws -> LabelledData {
    let rules = fileRules
    let roots = try files.map { Root(path: $0.sourceName, files: [try $0.reading(by: rules)]) }
    return try read(roots)
  }

  /// The labels in a field.
  func labels(in field: String) -> [String] {
    guard let labelSeparator else { return [field] }
    return Array(field.utf8).split(separator: Array(labelSeparator.utf8)).map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  /// Formats have their own notion of lines.
  private var fileRules: ReadingRules {
    var rules = rules
    rules.newlines = .keep
    rules.documents = .file
    return rules
  }

  private func read(_ roots: [Root]) throws -> LabelledData {
    try checkValues()
    var collector = LabelledCollector(self)
    var sources: [LabelledSource] = []
    for input in try inputs(of: roots) {
      let before = collector.texts.count
      let notices = try read(input, into: &collector)
      sources.append(
        LabelledSource(
          path: input.path, format: input.format, notices: notices,
          textCount: collector.texts.count - before))
    }
    return try collector.data(of: sources)
  }

  private func read(
    _ input: LabelledInput, into collector: inout LabelledCollector
  ) throws -> [String] {
    var notices: [String] = []
    var fileNotices: [String] = []
    for (file, label) in input.files {
      var rows = try rows(of: file, label, input)
      try file.forEachPassage { try rows.read($0.text.bytes, into: &collector) }
      try rows.finish(into: &collector)
      notices += rows.notices
      fileNotices += file.notices
    }
    let limit = Self.fileNoticeLimit
    if fileNotices.count > limit {
      fileNotices[limit...] = ["and \(fileNotices.count - limit) files more with such notes"]
    }
    return notices + input.notices + fileNotices
  }

  private func rows(
    of file: CorpusFile, _ label: String?, _ input: LabelledInput
  ) throws -> any LabelledRows {
    let path = file.sourceName
    switch (input.format, label) {
    case (.csv, _), (.tsv, _):
      let start = try file.firstPassage?.text.bytes ?? []
      let dialect = DelimitedDialect.sniffed(
        start, among: delimiters(input.format), hasQuotes: hasQuotes
      ).dialect
      return TableRows(self, dialect, path: path, label: label)
    case (.jsonLines, _):
      return LineRows(.json(JSONRow(self, label: label)), path: path)
    case (.lines, let label?): return LineRows(.text(label: label), path: path)
    case (.folder, let label?): return FileRow(label: label, path: path)
    case (.fastText, _): return LineRows(.fastText, path: path)
    case (.lines, nil), (.folder, nil), (.automatic, _):
      preconditionFailure("\(path): read as \(input.format) without a label")
    }
  }
}

extension LabelledReading {
  /// The delimiters that a table of a format may have.
  func delimiters(_ format: LabelledFormat) -> [UInt8] {
    if let delimiter { return [UInt8(ascii: delimiter)] }
    return format == .tsv
      ? [DelimitedDialect.tab]
      : [DelimitedDialect.tab, DelimitedDialect.semicolon, DelimitedDialect.comma]
  }

  /// Whether something is set that only tables have.
  var hasTableSettings: Bool { delimiter != nil || hasQuotes != nil || header != .automatic }

  /// Whether columns or members are named.
  var hasColumns: Bool { textColumn != nil || !labelColumns.isEmpty }

  /// Refuses values that mean nothing.
  private func checkValues() throws(LabelledDataError) {
    if let delimiter {
      guard delimiter.isASCII, !"\"\r\n".unicodeScalars.contains(delimiter) else {
        throw .settings("a delimiter is one ASCII character, and no quote or line end")
      }
      guard format != .tsv || delimiter == "\t" else {
        throw .settings("the fields of tsv lie between tabs: leave the delimiter away, or read csv")
      }
    }
    if let labelSeparator {
      guard kind == .multiple else {
        throw .settings("labels are separated only where a text has several")
      }
      guard !labelSeparator.utf8.isEmpty else {
        throw .settings("the separator of labels is empty")
      }
    }
    guard labelColumns.count < 2 || kind == .multiple else {
      throw .settings("there are several label columns only where a text has several labels")
    }
    guard labelOrigin == nil || labelColumns.isEmpty else {
      throw .settings("labels are in a column or in a name, not in both")
    }
  }

  /// Refuses settings that a format has no use for, so that none is ignored.
  func check(_ format: LabelledFormat, path: String) throws(LabelledDataError) {
    func refuse(_ what: String) -> LabelledDataError {
      .settings("\(path) is read as \(format.rawValue), which has no \(what)")
    }
    let isTable = format == .csv || format == .tsv
    if hasTableSettings, !isTable { throw refuse("delimiter, quotes or header") }
    if hasColumns, !isTable, format != .jsonLines { throw refuse("columns") }
    if labelSeparator != nil, !isTable, format != .jsonLines {
      throw refuse("separator between labels")
    }
    if labelOrigin != nil, format == .fastText { throw refuse("labels in names") }
    if format == .folder, let labelOrigin, labelOrigin != .folder {
      throw refuse("labels in names of files: read lines, or take the label from the folder")
    }
  }
}
