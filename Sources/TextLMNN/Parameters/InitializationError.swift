public import TextLMTensors

/// A rule for first values that cannot be followed.
public enum InitializationError: Error, Equatable {
  /// What is written is no `WHERE=HOW`.
  case malformed(rule: String)
  /// The rule's place is neither a kind of parameters nor a pattern.
  case unknownKind(String, known: [String])
  /// The rule's way is none that there is, or lacks or has a number that it should not.
  case unknownInitializer(String, known: [String])
  /// No parameter is at the rule's place.
  case matchesNothing(rule: String, paths: [String])
  /// The rule's way is not made for this parameter.
  case unsuitable(rule: String, path: String, shape: Shape)
}

extension InitializationError: CustomStringConvertible {
  /// What does not fit, and what to do about it.
  public var description: String {
    switch self {
    case .malformed(let rule):
      "'\(rule)' does not say where and how: write it as recurrent=orthogonal"
    case .unknownKind(let kind, let known):
      "'\(kind)' is no kind of parameters: use one of \(known.joined(separator: ", ")), or a "
        + "pattern over paths such as rnn.*_l0"
    case .unknownInitializer(let text, let known):
      "'\(text)' is no way to initialize: use a number, or one of \(known.joined(separator: ", "))"
    case .matchesNothing(let rule, let paths):
      "'\(rule)' is for no parameter of this model; they are \(paths.joined(separator: ", "))"
    case .unsuitable(let rule, let path, let shape):
      "'\(rule)' does not suit \(path) of shape \(shape): matrices take any way but chrono, vectors "
        + "a number, zeros, uniform, normal and torch, and forget-bias a number or chrono; narrow "
        + "the rule"
    }
  }
}
