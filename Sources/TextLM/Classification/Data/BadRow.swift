/// A row that is no labelled text, and was left out.
public struct BadRow: Sendable, Equatable {
  /// Where it begins.
  public let place: LabelledPlace
  /// What is wrong with it.
  public let reason: BadRowReason

  /// A row with what is wrong with it.
  public init(place: LabelledPlace, reason: BadRowReason) {
    self.place = place
    self.reason = reason
  }
}

extension BadRow: CustomStringConvertible {
  /// The row's place and what is wrong with it.
  public var description: String { "\(place): \(reason)" }
}
