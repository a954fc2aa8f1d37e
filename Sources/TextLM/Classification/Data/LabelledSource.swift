/// A file or a folder with labelled texts, and how it was read.
public struct LabelledSource: Sendable, Equatable {
  /// The path as it was named; `-` for standard input.
  public let path: String
  /// The format, never `automatic`.
  public let format: LabelledFormat
  /// What was found out and is worth telling, such as the columns and the encoding.
  public let notices: [String]
  /// How many texts it has.
  public let textCount: Int
}
