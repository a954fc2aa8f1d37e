/// Makes labelled texts of a file's text, in one format.
protocol LabelledRows {
  /// Takes the next portion of the text.
  mutating func read(_ bytes: [UInt8], into collector: inout LabelledCollector) throws
  /// Takes what is left at the end.
  mutating func finish(into collector: inout LabelledCollector) throws
  /// What was found out and is worth telling.
  var notices: [String] { get }
}
