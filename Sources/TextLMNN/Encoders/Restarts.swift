import TextLMTensors

/// The steps at which rows of a batch begin anew: where one document ends and the next one begins
/// within a window.
public struct Restarts: Sendable, Equatable {
  /// Whether row b begins anew before step t, at `t * batchSize + b`; nil when none does.
  let flags: [Bool]?

  /// No row begins anew.
  public static let none = Restarts([])

  /// Restarts where the flags are true, time-major as the tokens of a `TokenBatch`.
  public init(_ flags: [Bool]) {
    self.flags = flags.contains(true) ? flags : nil
  }

  /// Whether row `row` of `batchSize` begins anew before step `step`.
  package func flag(step: Int, row: Int, batchSize: Int) -> Bool {
    flags?[step * batchSize + row] ?? false
  }

  /// Steps between restarts.
  struct Part: Equatable {
    var steps: Range<Int>
    /// Whether each row begins anew before the first of them; nil when none does.
    var resets: [Bool]?
  }

  /// A sequence cut in front of every step at which some row begins anew.
  func parts(timeLength: Int, batchSize: Int) -> [Part] {
    guard let flags else { return [Part(steps: 0..<timeLength)] }
    require(
      flags.count == timeLength * batchSize,
      "restarts: \(flags.count) flags for \(timeLength) steps of \(batchSize) rows")
    var parts: [Part] = []
    for step in 0..<timeLength {
      let row = flags[step * batchSize..<(step + 1) * batchSize]
      if row.contains(true) {
        parts.append(Part(steps: step..<step + 1, resets: Array(row)))
      } else if parts.isEmpty {
        parts.append(Part(steps: 0..<1))
      } else {
        parts[parts.count - 1].steps = parts[parts.count - 1].steps.lowerBound..<step + 1
      }
    }
    return parts
  }
}
