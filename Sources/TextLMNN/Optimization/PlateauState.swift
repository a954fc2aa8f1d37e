/// What evaluations have said to a schedule that waits for plateaus.
public struct PlateauState: Sendable, Equatable, Codable {
  /// The least loss so far; nil before the first.
  public private(set) var best: Double?
  /// Evaluations in a row that were no better.
  public private(set) var waitCount = 0
  /// How many times the rate has been reduced.
  public private(set) var reductionCount = 0

  /// A state before the first evaluation.
  public init() {}

  /// The state that has this best loss, so many evaluations since, and so many reductions.
  public init(best: Double?, waitCount: Int, reductionCount: Int) {
    self.best = best
    self.waitCount = waitCount
    self.reductionCount = reductionCount
  }

  /// Takes note of an evaluation; reduces once more than `patience` in a row were not better than the
  /// best by a ten-thousandth of it, as PyTorch's ReduceLROnPlateau does.
  public mutating func observe(_ loss: Double, patience: Int) {
    if best.map({ loss < $0 * (1 - 1e-4) }) ?? true {
      best = loss
      waitCount = 0
    } else {
      waitCount += 1
    }
    if waitCount > patience {
      reductionCount += 1
      waitCount = 0
    }
  }
}
