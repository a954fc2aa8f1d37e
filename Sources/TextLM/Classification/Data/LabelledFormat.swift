/// How labelled texts are written.
public enum LabelledFormat: String, Sendable, CaseIterable {
  /// What the file's name and its first lines say.
  case automatic = "auto"
  /// Rows of fields with commas or semicolons between them (RFC 4180).
  case csv
  /// Rows of fields with tabs between them.
  case tsv
  /// A JSON object a line.
  case jsonLines = "jsonl"
  /// A text a line, with its labels in it as words that begin with `__label__`.
  case fastText = "fasttext"
  /// A text a line, with the label in the name of the file or its folder.
  case lines
  /// A text a file, with the label in the name of its folder.
  case folder
}
