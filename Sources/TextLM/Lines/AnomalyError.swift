/// Normal text that does not tell what is anomalous.
public enum AnomalyError: Error, Equatable {
  /// A share that is none.
  case rate(Double)
  /// There are too few lines for so small a share of false alarms.
  case tooFewLines(count: Int, needed: Int, rate: Double)
}

extension AnomalyError: CustomStringConvertible {
  /// What is wrong, and what to do about it.
  public var description: String {
    switch self {
    case .rate(let rate):
      "the rate of false alarms is \(Numbers.short(rate)), but must be between 0 and 1"
    case .tooFewLines(let count, let needed, let rate):
      "\(Numbers.grouped(count)) lines of normal text do not tell what one in "
        + "\(Numbers.significant(1 / rate)) of them exceeds: give \(Numbers.grouped(needed)) or "
        + "more, or a higher rate of false alarms"
    }
  }
}
