/// How labelled texts are read.
public struct LabelledReading: Sendable {
  /// How they are written.
  public var format: LabelledFormat = .automatic
  /// What the labels mean.
  public var kind: LabelKind = .single
  /// The column or the JSON member with the text: a name, or for tables a number from 1 on.
  public var textColumn: String?
  /// The columns or the JSON members with the labels; several only where a text has several.
  public var labelColumns: [String] = []
  /// What lies between the labels of one field, where a text has several.
  public var labelSeparator: String?
  /// What lies between the fields of a table.
  public var delimiter: Unicode.Scalar?
  /// Whether a table's first row names its columns.
  public var header: HeaderRule = .automatic
  /// Where the label is, when it is not beside the text.
  public var labelOrigin: LabelOrigin?
  /// Whether the first bad row is an error.
  public var isStrict = false
  /// How many bad rows are listed; all are counted.
  public var badRowLimit = 100
  /// How bytes become text; what it says of line ends and documents is not used.
  public var rules = ReadingRules()

  /// The standard choices.
  public init() {}

  /// Reads files and folders, as one set of data.
  public func read(_ paths: [String]) throws -> LabelledData {
    throw LabelledDataError.noTexts(paths: paths, badRowCount: 0, first: nil)
  }
}
