/// From which states of constraints a text that is still too short can get long enough, and be whole in time.
///
/// With n tokens at least and m at most, S₀ are the states from which at most m − n tokens lead to a whole
/// text, and Sₖ those from which a token leads to a state of Sₖ₋₁: with k tokens missing, the text is in one
/// of Sₖ. The sets are made once; most languages come to one that stays the same after a few.
struct LengthReach: Sendable {
  /// The most entries of all sets: 256 MiB.
  private static let entryLimit = 1 << 28

  /// n.
  let minimumCount: Int
  /// S₀, S₁ and so on; those behind the last are like the last.
  private var sets: [[Bool]]

  /// Throws `SamplingError.contradiction` where no text is of such a length, and
  /// `SamplingError.outOfRange` where the sets would take too much memory.
  init(
    _ automaton: TokenAutomaton, minimumCount: Int, maximumCount: Int?
  ) throws(SamplingError) {
    self.minimumCount = minimumCount
    sets = [automaton.states(within: maximumCount.map { $0 - minimumCount } ?? .max)]
    while sets.count <= minimumCount {
      let last = sets[sets.count - 1]
      let next = automaton.statesLeadingEarly(to: last)
      if next == last { break }
      sets.append(next)
      guard sets.count * last.count <= Self.entryLimit else {
        throw .outOfRange(
          name: "min-tokens", value: "\(minimumCount)",
          allowed: "below \(sets.count) with constraints of \(last.count) states")
      }
    }
    guard allows(automaton.start, missingCount: minimumCount) else {
      let most = maximumCount.map { " and at most \($0)" } ?? ""
      throw .contradiction(
        first: "--min-tokens", second: automaton.names.joined(separator: " and "),
        reason: "no text that is allowed has at least \(minimumCount)\(most) tokens")
    }
  }

  /// Whether a text in a state can get long enough with so many tokens missing.
  func allows(_ state: Int32, missingCount: Int) -> Bool {
    sets[min(missingCount, sets.count - 1)][Int(state)]
  }
}
