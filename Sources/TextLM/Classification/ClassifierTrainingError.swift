/// A training of a classifier that came to no classifier.
public enum ClassifierTrainingError: Error, Equatable {
  /// It was stopped, and has nothing that it could go on from: n-grams and probes are fitted as a whole.
  case stopped
}

extension ClassifierTrainingError: CustomStringConvertible {
  /// What happened.
  public var description: String {
    switch self {
    case .stopped: "stopped before there was a classifier: nothing was written"
    }
  }
}
