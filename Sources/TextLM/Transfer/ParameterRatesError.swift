/// Rates of parameters that cannot be followed.
public enum ParameterRatesError: Error, Equatable {
  /// What is written is no `PATTERN=FACTOR`.
  case malformed(String)
  /// No parameter fits a pattern; `paths` are those that there are.
  case matchesNothing(pattern: String, paths: [String])
  /// Everything is frozen.
  case nothingLearns
}

extension ParameterRatesError: CustomStringConvertible {
  /// What is wrong, and what to do about it.
  public var description: String {
    switch self {
    case .malformed(let text):
      "--lr-factor is \(text), but must be a pattern over paths and a number from 0, such as "
        + "rnn.*_l0=0.3"
    case .matchesNothing(let pattern, let paths):
      "no parameter's path fits \(pattern); they are\n  " + paths.joined(separator: "\n  ")
    case .nothingLearns:
      "nothing would learn: every parameter is frozen; leave a --freeze away"
    }
  }
}
