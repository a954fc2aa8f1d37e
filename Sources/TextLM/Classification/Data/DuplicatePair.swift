/// Two places with the same text.
public struct DuplicatePair: Sendable, Equatable {
  /// Where it is first, among the texts to learn from.
  public let first: LabelledPlace
  /// Where it is again.
  public let second: LabelledPlace
  /// Whether both have the same labels.
  public let haveSameLabels: Bool
}

extension DuplicatePair: CustomStringConvertible {
  /// Both places, and whether the labels differ.
  public var description: String {
    "\(second): the same text as \(first)" + (haveSameLabels ? "" : ", with other labels")
  }
}
