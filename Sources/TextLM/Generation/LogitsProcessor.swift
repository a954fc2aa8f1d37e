/// One step on the way from a model's logits to the distribution that is sampled from.
///
/// A processor changes logits; what it excludes becomes −∞. It never excludes everything: the most
/// likely token stays.
public protocol LogitsProcessor: Sendable {
  /// Changes the logits of the next token.
  func process(_ logits: inout [Float])
}

/// A sampling setting outside its range.
public enum SamplingError: Error, Equatable, CustomStringConvertible {
  /// The setting's name, its value, and what is allowed.
  case outOfRange(name: String, value: String, allowed: String)

  /// What is wrong, and what is allowed.
  public var description: String {
    switch self {
    case .outOfRange(let name, let value, let allowed):
      "\(name) is \(value), but must be \(allowed)"
    }
  }
}
