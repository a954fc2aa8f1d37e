/// A grammar laid out for recognition, with what each part costs at least.
///
/// Every place in every alternative has a number, from its first symbol to the place behind its last.
/// Alternatives that cannot be written are left out.
struct GrammarTable: Sendable {
  /// What stands at a place.
  enum Step: Sendable, Equatable {
    /// A rule.
    case rule(Int32)
    /// A character of a set.
    case scalar(Int32)
    /// Nothing: the rule is whole.
    case end
  }

  /// What stands at each place.
  private(set) var steps: [Step] = []
  /// The rule that each place is in.
  private(set) var owners: [Int32] = []
  /// The least cost from each place to the end of its alternative.
  private(set) var rests: [Int] = []
  /// The first places of each rule's alternatives.
  private(set) var starts: [[Int32]] = []
  /// Whether the empty text comes of each rule.
  private(set) var isNullable: [Bool] = []
  /// The sets of characters.
  let sets: [ScalarRanges]
  /// The rule of the whole text.
  let root: Int32

  /// Lays out a grammar. `ruleCosts` and `setCosts` are the least costs of rules and of sets.
  init(_ grammar: Grammar, ruleCosts: [Int?], setCosts: [Int?]) {
    sets = grammar.sets
    root = Int32(grammar.root)
    // A text without characters costs nothing, and any other something.
    isNullable = ruleCosts.map { $0 == 0 }
    for (number, rule) in grammar.rules.enumerated() {
      var starts: [Int32] = []
      for alternative in rule.alternatives {
        guard let rests = Grammar.rests(of: alternative, ruleCosts, setCosts) else { continue }
        starts.append(Int32(steps.count))
        self.rests += rests
        for symbol in alternative {
          switch symbol.kind {
          case .rule(let rule): steps.append(.rule(Int32(rule)))
          case .scalar(let set): steps.append(.scalar(Int32(set)))
          }
          owners.append(Int32(number))
        }
        steps.append(.end)
        owners.append(Int32(number))
      }
      self.starts.append(starts)
    }
  }
}
