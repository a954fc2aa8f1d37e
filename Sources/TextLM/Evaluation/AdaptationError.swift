/// Numbers that a model cannot adapt with.
public enum AdaptationError: Error, Equatable, CustomStringConvertible {
  /// `name` is `value`, which is not `allowed`.
  case outOfRange(name: String, value: String, allowed: String)

  /// What is wrong, and what is possible.
  public var description: String {
    switch self {
    case .outOfRange(let name, let value, let allowed):
      "\(name) is \(value), but must be \(allowed)"
    }
  }

  /// Throws for a number outside the range, or none at all.
  static func check(
    _ value: Double, _ name: String, in range: Range<Double>
  ) throws(AdaptationError) {
    guard range.contains(value) else {
      let (least, bound) = (Numbers.short(range.lowerBound), Numbers.short(range.upperBound))
      throw .outOfRange(name: name, value: "\(value)", allowed: "from \(least) to below \(bound)")
    }
  }
}
