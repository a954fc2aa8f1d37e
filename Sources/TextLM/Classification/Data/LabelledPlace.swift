/// Where a labelled text is written.
public struct LabelledPlace: Sendable, Equatable {
  /// The file, as it was named.
  public var path: String
  /// The line from 1 on in which the text's row begins.
  public var line: Int

  /// A line of a file.
  public init(path: String, line: Int) {
    self.path = path
    self.line = line
  }
}

extension LabelledPlace: CustomStringConvertible {
  /// The place as messages name it.
  public var description: String { "\(path), line \(line)" }
}
