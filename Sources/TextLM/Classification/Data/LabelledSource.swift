/// A file or a folder with labelled texts, and how it was read.
public struct LabelledSource: Sendable, Equatable {
  /// The path as it was named.
  public let path: String
  /// The format, never `automatic`.
  public let format: LabelledFormat
  /// What was found out and is worth telling, such as the columns and the encoding.
  public let notices: [String]
  /// How many texts it has.
  public let textCount: Int
}

extension LabelledSource: CustomStringConvertible {
  /// One line that tells how it was read: `a.csv: 120 texts, csv, fields between commas, ...`.
  public var description: String {
    (["\(path): \(Numbers.grouped(textCount)) texts", format.rawValue] + notices)
      .joined(separator: ", ")
  }
}
