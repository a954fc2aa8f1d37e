/// How the vectors that a model has after each token become one vector of the text.
public enum VectorPooling: String, Sendable, CaseIterable {
  /// The one after the last token read: all that the model would go on from.
  case last
  /// The mean of all: what the text is about on the whole, the end weighing no more than the rest.
  case mean
  /// The greatest of each component.
  case max
}

extension VectorPooling {
  /// What a pool of steps calls it.
  var ofSteps: TextPooling {
    switch self {
    case .last: .last
    case .mean: .mean
    case .max: .max
    }
  }
}
