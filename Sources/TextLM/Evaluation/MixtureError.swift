/// Models that cannot predict together.
public enum MixtureError: Error, Equatable {
  /// One model, or none.
  case tooFew
  /// Parts that are not from 0 to 1, or more than 1 together.
  case weights([Double])
  /// The models read from different ends.
  case direction(first: String, other: String)
  /// The models cut texts into different tokens; `reason` says in what they differ.
  case units(first: String, other: String, reason: String)
}

extension MixtureError: CustomStringConvertible {
  /// What does not fit, and what to do about it.
  public var description: String {
    switch self {
    case .tooFew:
      "probabilities of a single model cannot be interpolated: give another one"
    case .weights(let weights):
      "the weights \(weights.map { Numbers.short($0) }.joined(separator: ", ")) must each be from 0 "
        + "to 1 and together at most 1: what they leave is the first model's"
    case .direction(let first, let other):
      "\(first) and \(other) read from different ends, so that their probabilities of a character are "
        + "under different conditions and cannot be interpolated: give models of one --direction"
    case .units(let first, let other, let reason):
      "\(first) and \(other) read different tokens: \(reason): train one of them with the "
        + "other's --unit, preparation and --vocabulary"
    }
  }
}
