/// A label of some data that a classifier does not know.
public struct UnknownLabel: Sendable, Equatable {
  /// The label.
  public let name: String
  /// How many texts have it.
  public let textCount: Int
  /// Where the first of them are.
  public let places: [LabelledPlace]
}
