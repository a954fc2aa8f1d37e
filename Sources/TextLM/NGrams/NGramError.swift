/// An n-gram model that cannot be made or read.
public enum NGramError: Error, Equatable {
  /// An order that there is not.
  case order(Int)
  /// Counting would need more memory than the machine has free.
  case tooLarge(ngramCount: Int, neededBytes: Int, availableBytes: Int)
  /// More tokens than can be numbered.
  case tooLong(tokenCount: Int, limit: Int)
  /// A model file whose numbers are none of an n-gram model; `problem` says what and where.
  case damaged(problem: String)
}

extension NGramError: CustomStringConvertible {
  /// What is wrong, and what to do about it.
  public var description: String {
    switch self {
    case .order(let order):
      "an n-gram model of order \(order) is not offered: give an --order from "
        + "\(NGramConfiguration.orders.lowerBound) to \(NGramConfiguration.orders.upperBound)"
    case .tooLarge(let ngramCount, let neededBytes, let availableBytes):
      "the text has \(ngramCount) n-grams, which need about \(neededBytes >> 20) MiB here, of which "
        + "\(availableBytes >> 20) MiB are free: give a lower --order or a shorter text"
    case .tooLong(let tokenCount, let limit):
      "the text has \(tokenCount) tokens, but n-grams are counted in at most \(limit): give a "
        + "shorter text"
    case .damaged(let problem):
      problem
    }
  }
}
