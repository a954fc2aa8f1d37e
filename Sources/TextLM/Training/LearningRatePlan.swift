/// How long a training is, and the learning rate on the way.
public struct LearningRatePlan: Sendable, Equatable {
  /// When a training ends.
  public enum Horizon: Sendable, Equatable {
    /// After so many optimizer steps; such a training can be repeated bit for bit.
    case steps(Int)
    /// After so many passes over the text; a run turns this into steps when it knows the text.
    case epochs(Int)
    /// After so much time, in seconds; the number of steps is the machine's affair.
    case seconds(Double)
  }

  /// The course of the rate.
  public enum Course: String, Sendable, CaseIterable {
    /// Half a cosine from the peak down to the floor.
    case cosine
    /// The peak all along.
    case constant
  }

  /// The greatest rate.
  public var peak: Double
  /// The last rate, as a part of the peak.
  public var floorRatio: Double
  /// Steps of the linear rise to the peak.
  public var warmupSteps: Int
  /// The course after warming up.
  public var course: Course
  /// The end.
  public var horizon: Horizon

  /// A plan of these parts.
  public init(
    peak: Double, floorRatio: Double = 0.01, warmupSteps: Int, course: Course = .cosine,
    horizon: Horizon
  ) {
    self.peak = peak
    self.floorRatio = floorRatio
    self.warmupSteps = warmupSteps
    self.course = course
    self.horizon = horizon
  }

  /// The same plan with its end in steps where it is given in epochs.
  func resolved(stepsPerEpoch: Int) -> LearningRatePlan {
    guard case .epochs(let epochs) = horizon else { return self }
    let (steps, overflow) = epochs.multipliedReportingOverflow(by: stepsPerEpoch)
    var plan = self
    plan.horizon = .steps(overflow ? .max : steps)
    return plan
  }

  /// The rate of step `step`, counted from 0, when `seconds` have passed of `usableSeconds`, the
  /// time there is for steps.
  ///
  /// By steps it is `Schedule.cosine`; by time the same curve with time in the place of steps, so
  /// that it reaches the floor when the time is over, however fast the machine was.
  public func rate(step: Int, seconds: Double, usableSeconds: Double) -> Double {
    let warmup = min(1, Double(step + 1) / (Double(warmupSteps) + 1))
    guard course == .cosine else { return peak * warmup }
    let floor = floorRatio * peak
    switch horizon {
    case .steps(let total):
      return Schedule.cosine(
        peak: peak, warmupSteps: min(warmupSteps, max(total - 1, 0)), totalSteps: total,
        floor: floor)(step)
    case .epochs:
      preconditionFailure("learning rate: epochs have not been turned into steps")
    case .seconds:
      let parts = 1_000_000
      let passed = Int(Double(parts) * min(1, max(0, seconds / max(usableSeconds, 1e-3))))
      return warmup
        * Schedule.cosine(peak: peak, warmupSteps: 0, totalSteps: parts, floor: floor)(passed)
    }
  }
}
