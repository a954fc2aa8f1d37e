/// How a time is divided: all candidates are trained for a short while, the better third of them for
/// three times as long, and so on to the last one.
///
/// Every rung gets the same time, and within a rung every candidate does. Each training is a whole
/// one, from new weights to the end of its schedule: losses in the middle of schedules cannot be
/// compared, since a small learning rate looks better early on and a great one later.
///
/// Reference: Kevin Jamieson and Ameet Talwalkar, "Non-stochastic Best Arm Identification and
/// Hyperparameter Optimization", 2016.
public struct HalvingPlan: Sendable, Equatable {
  /// Candidates in each rung, from the first to the last, which has one.
  public let rungs: [Int]
  /// The time of all.
  public let seconds: Double

  /// How much fewer candidates a rung has than the one before.
  public static let reduction = 3
  /// How many candidates there may be.
  public static let candidateCounts = 2...1000
  /// Shorter trainings hardly tell good candidates from bad ones.
  private static let shortestTraining = 20.0

  /// A plan for so many candidates; nil chooses among 3, 9, 27 and 81 the most that get 20 seconds
  /// each in the first rung.
  public init(seconds: Double, candidateCount: Int? = nil) {
    self.seconds = seconds
    let plans = (candidateCount.map { [$0] } ?? [3, 9, 27, 81]).map(Self.rungs)
    rungs =
      plans.last { seconds / Double($0.count * $0[0]) >= Self.shortestTraining } ?? plans[0]
  }

  private static func rungs(_ candidateCount: Int) -> [Int] {
    var rungs = [candidateCount]
    while let last = rungs.last, last > 1 {
      rungs.append((last + reduction - 1) / reduction)
    }
    return rungs
  }

  /// Seconds of the last, longest training.
  public var longestTraining: Double { seconds / Double(rungs.count) }

  /// Seconds for each candidate of a rung, counted from 0, when so many have passed at its beginning:
  /// what the rungs before took too much or left over is shared by it.
  public func trainingSeconds(rung: Int, elapsedSeconds: Double) -> Double {
    let end = seconds * Double(rung + 1) / Double(rungs.count)
    return max(0, end - elapsedSeconds) / Double(rungs[rung])
  }
}
