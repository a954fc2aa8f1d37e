/// A context-free grammar in GBNF, the notation of llama.cpp: what a whole text must look like.
///
/// ```
/// root  ::= list "\n"           # the text begins here
/// list  ::= "[" (value ("," value)*)? "]"
/// value ::= [0-9]{1,3} | list
/// ```
///
/// A rule is a name of ASCII letters, digits and `-`, `::=`, and alternatives between `|`; each is a
/// sequence of literals `"..."`, characters `[a-z]` and `[^a-z]`, `.` for any character, names of rules,
/// and groups `( )`, which `*`, `+`, `?`, `{n}`, `{n,}` and `{n,m}` repeat. `\n`, `\r`, `\t`, `\xFF`,
/// `\uFFFF` and `\UFFFFFFFF` are characters, and so is what stands behind another backslash that is
/// `"`, `[`, `]`, `-`, `^` or `\`. A rule ends with its line, except within a group and behind `::=` and
/// `|`. Rules may use each other and themselves in any way, on the left too.
public struct Grammar: Sendable {
  /// What a rule is made of, with the line it stands on.
  struct Symbol: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
      /// The rule of this number.
      case rule(Int)
      /// One character of the set of this number.
      case scalar(Int)
    }

    let kind: Kind
    let line: Int
  }

  /// A rule of the text, or a part of one that is repeated or in a group.
  struct Rule: Sendable {
    /// Its name, or that of the rule it is a part of.
    let name: String
    /// Where it is defined; nil until it is.
    var line: Int?
    /// Its alternatives, of which each is a sequence.
    var alternatives: [[Symbol]] = []
  }

  /// The name of the file in errors.
  let source: String
  /// All rules.
  let rules: [Rule]
  /// The sets of characters that rules speak of.
  let sets: [ScalarRanges]
  /// The number of the rule that texts follow.
  let root: Int

  /// Reads a grammar; `source` is its name in errors.
  ///
  /// Throws `GrammarError` with the line, for what cannot be read, rules that are not there or there
  /// twice, and those that no text can come of.
  public init(_ text: String, source: String) throws(GrammarError) {
    var reader = GrammarReader(text, source: source)
    try reader.read()
    self.source = source
    rules = reader.rules
    sets = reader.sets
    guard let root = rules.firstIndex(where: { $0.name == "root" && $0.line != nil }) else {
      throw .noRoot(source: source)
    }
    self.root = root
    try checkProductivity()
  }

  /// Throws for the first rule that can never become a text.
  private func checkProductivity() throws(GrammarError) {
    let setCosts = sets.map { $0.ranges.isEmpty ? nil : 1 }
    let costs = costs(ofSets: setCosts)
    guard let first = costs.firstIndex(of: nil) else { return }
    let (rule, line, _) = cause(of: first, costs, setCosts: setCosts)
    throw .unproductive(source: source, line: line, rule: rules[rule].name)
  }
}

/// What texts of rules cost at least.
extension Grammar {
  /// The least cost of a text of each rule when the cheapest character of each set costs `setCosts`; nil
  /// for what cannot be written.
  ///
  /// The cheapest rule whose parts all have costs gets the next one, so that each gets its own once:
  /// O(n log n) for n symbols. Costs end at `costLimit`, which no text is so long as.
  ///
  /// Reference: Donald E. Knuth, "A Generalization of Dijkstra's Algorithm", Information Processing Letters
  /// 6, 1977.
  func costs(ofSets setCosts: [Int?]) -> [Int?] {
    var costs = [Int?](repeating: nil, count: rules.count)
    // Of each alternative the rule, the parts without costs, and the cost of the others.
    var alternatives: [(rule: Int, openCount: Int, cost: Int)] = []
    // The alternatives that each rule is a part of, once for each time.
    var users = [[Int]](repeating: [], count: rules.count)
    var queue = CostQueue()
    for (number, rule) in rules.enumerated() {
      next: for symbols in rule.alternatives {
        var (openCount, cost) = (0, 0)
        for symbol in symbols {
          switch symbol.kind {
          case .rule: openCount += 1
          case .scalar(let set):
            guard let setCost = setCosts[set] else { continue next }
            cost = Self.sum(cost, setCost)
          }
        }
        for symbol in symbols {
          if case .rule(let part) = symbol.kind { users[part].append(alternatives.count) }
        }
        alternatives.append((number, openCount, cost))
        if openCount == 0 { queue.insert(number, cost: cost) }
      }
    }
    while let (rule, cost) = queue.popLeast() {
      guard costs[rule] == nil else { continue }
      costs[rule] = cost
      for user in users[rule] {
        alternatives[user].openCount -= 1
        alternatives[user].cost = Self.sum(alternatives[user].cost, cost)
        if alternatives[user].openCount == 0 {
          queue.insert(alternatives[user].rule, cost: alternatives[user].cost)
        }
      }
    }
    return costs
  }

  /// The least cost of a sequence from each of its places on, and 0 for that behind its last; nil for one
  /// that cannot be written.
  static func rests(
    of symbols: [Symbol], _ ruleCosts: [Int?], _ setCosts: [Int?]
  ) -> [Int]? {
    var rests = [0]
    for symbol in symbols.reversed() {
      let cost =
        switch symbol.kind {
        case .rule(let rule): ruleCosts[rule]
        case .scalar(let set): setCosts[set]
        }
      guard let cost else { return nil }
      rests.append(sum(rests[rests.count - 1], cost))
    }
    return rests.reversed()
  }

  /// The greatest cost: rules that double each other's are soon beyond all numbers.
  private static let costLimit = 1 << 40

  /// Two costs together.
  static func sum(_ first: Int, _ second: Int) -> Int { min(first + second, costLimit) }

  /// Why nothing can be written by a rule: the rule that leads back to itself, or that needs a set of
  /// characters which is not there, and that set. Requires a rule without a cost.
  func cause(
    of rule: Int, _ costs: [Int?], setCosts: [Int?]
  ) -> (rule: Int, line: Int, set: Int?) {
    var seen: Set<Int> = []
    var open = [rule]
    var last = rule
    // What cannot be written because of characters leads to them on some way.
    while let rule = open.popLast() {
      guard seen.insert(rule).inserted else { continue }
      last = rule
      for symbol in rules[rule].alternatives.joined() {
        switch symbol.kind {
        case .scalar(let set):
          if setCosts[set] == nil { return (rule, symbol.line, set) }
        case .rule(let part):
          if costs[part] == nil { open.append(part) }
        }
      }
    }
    return (last, rules[last].line ?? 1, nil)
  }
}
