#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Notices a training that diverges: whose losses are worse, for some steps together, than those of a
/// model that has learned nothing.
///
/// A loss that is not finite never comes this far: its step is not taken. What it remembers is stored
/// with a run, so that a resumed one decides the same.
struct DivergenceGuard: Sendable, Equatable {
  /// The mean loss of so many steps decides: single batches may be odd.
  static let stepCount = 5
  /// A good state is kept every so many steps.
  static let keepingInterval = 64
  /// Rollbacks in a row, without `recoverySteps` good steps after them, that are one too many.
  static let mostRollbacks = 5
  private static let recoverySteps = 500

  /// Worse than this is diverging, in nats: guessing evenly, or what the first step gave if that was
  /// more, and a quarter more.
  private(set) var limit: Double?
  private(set) var recentLosses: [Double] = []
  /// Rollbacks since the training last went well.
  private(set) var rollbackCount = 0
  /// Steps since the last of them.
  private(set) var stepsSinceRollback = 0
  /// What all learning rates are multiplied with: a half for each rollback so far.
  private(set) var rateScale = 1.0

  init() {}

  /// Takes note of a step's loss; whether the training diverges.
  mutating func observe(_ nats: Double, vocabularySize: Int) -> Bool {
    let limit = limit ?? 1.25 * max(nats, log(Double(vocabularySize))) + 0.5
    self.limit = limit
    recentLosses.append(nats)
    if recentLosses.count > Self.stepCount { recentLosses.removeFirst() }
    stepsSinceRollback += 1
    if stepsSinceRollback >= Self.recoverySteps { rollbackCount = 0 }
    return recentLosses.count == Self.stepCount
      && recentLosses.reduce(0, +) / Double(Self.stepCount) > limit
  }

  /// Whether a state after `step` steps is to be kept: it must be known to be good.
  func keepsState(afterStep step: Int) -> Bool {
    guard let limit else { return true }
    return step.isMultiple(of: Self.keepingInterval) && recentLosses.allSatisfy { $0 <= limit }
  }

  /// Takes note of a rollback; false when there were too many.
  mutating func noteRollback() -> Bool {
    recentLosses = []
    stepsSinceRollback = 0
    rollbackCount += 1
    rateScale /= 2
    return rollbackCount <= Self.mostRollbacks
  }
}

extension DivergenceGuard {
  /// As it is stored with a run.
  var json: JSONValue {
    [
      "limit": limit.map { JSONValue($0) } ?? .null,
      "recent_losses": .array(recentLosses.map { JSONValue($0) }),
      "rollbacks": JSONValue(rollbackCount),
      "steps_since_rollback": JSONValue(stepsSinceRollback),
      "rate_scale": JSONValue(rateScale),
    ]
  }

  init(_ json: JSONField) throws {
    limit = try json.optionalField("limit")?.double(in: 0...1e9)
    recentLosses = try json.field("recent_losses").elements().map { try $0.double(in: -1e9...1e9) }
    rollbackCount = try json.int("rollbacks", in: 0...1 << 24)
    stepsSinceRollback = try json.int("steps_since_rollback", in: 0...Int.max >> 1)
    rateScale = try json.double("rate_scale", in: 0...1)
  }
}
