/// A classifier of n-grams that cannot be made or read.
public enum NGramClassifierError: Error, Equatable {
  /// Numbers of which no classifier can be made.
  case configuration(problem: String)
  /// Nothing to learn from.
  case noTexts
  /// Fewer labels than there can be a choice between.
  case tooFewLabels(count: Int)
  /// A model file whose numbers are none of a classifier; `problem` says what and where.
  case damaged(problem: String)
}

extension NGramClassifierError: CustomStringConvertible {
  /// What is wrong, and what to do about it.
  public var description: String {
    switch self {
    case .configuration(let problem):
      problem
    case .noTexts:
      "there are no texts to learn from: give labelled texts"
    case .tooFewLabels(let count):
      "there \(count == 1 ? "is only one label" : "are no labels") to choose between: give texts "
        + "of at least two labels"
    case .damaged(let problem):
      problem
    }
  }
}
