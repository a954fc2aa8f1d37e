import TextLMTensors

/// A label of some data that a classifier does not know.
public struct UnknownLabel: Sendable, Equatable {
  /// The label.
  public let name: String
  /// How many texts have it.
  public let textCount: Int
  /// Where the first of them are.
  public let places: [LabelledPlace]
}

extension UnknownLabel: CustomStringConvertible {
  /// The label, how many texts have it, and where the first ones are.
  public var description: String {
    let more = textCount > places.count ? ", ..." : ""
    return "\(quotedForMessage(name)) (\(textCount) texts: "
      + places.map(\.description).joined(separator: "; ") + more + ")"
  }
}
