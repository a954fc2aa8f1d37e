/// All that may be going on at one place of a text that follows a grammar.
///
/// The places of rules that were begun, each with where in the text that was; and for every rule that
/// begins here, what the text costs at least once the rule is whole. So it is known what a text still
/// needs without a look at each of its parses, of which there may be any number.
///
/// References: Jay Earley, "An Efficient Context-Free Parsing Algorithm", 1970; John Aycock and Nigel
/// Horspool, "Practical Earley Parsing", 2002, for rules that become the empty text.
struct EarleySet: Sendable {
  /// A place in a rule, and how many characters the text had when the rule began.
  struct Item: Sendable, Hashable {
    let place: Int32
    let origin: Int32
  }

  /// A character that may follow.
  struct Expected: Sendable {
    /// The set it is of.
    let set: Int32
    /// Where the text is behind it.
    let item: Item
    /// What the text costs at least behind it.
    let rest: Int
  }

  /// The characters that may follow.
  private(set) var expected: [Expected] = []
  /// Whether the text may end here.
  private(set) var isAccepting = false
  /// The items that go on when a rule that begins here is whole, each behind that rule.
  private var waiting: [Int32: [Item]] = [:]
  /// The least cost of the text behind each rule that begins here.
  private var costs: [Int32: Int] = [:]

  /// Where a text begins.
  init(startOf table: GrammarTable) {
    let start = table.starts[Int(table.root)].map { Item(place: $0, origin: 0) }
    self.init(start, after: [], table)
  }

  /// What is going on behind a character that led to `kernel`; `sets` are those of all places before.
  private init(_ kernel: [Item], after sets: [EarleySet], _ table: GrammarTable) {
    let here = Int32(sets.count)
    var items = kernel
    var seen = Set(kernel)
    var awaited: [Int32] = []
    func add(_ item: Item) {
      if seen.insert(item).inserted { items.append(item) }
    }
    var index = 0
    while index < items.count {
      let item = items[index]
      index += 1
      switch table.steps[Int(item.place)] {
      case .scalar: continue
      case .rule(let rule):
        let next = Item(place: item.place + 1, origin: item.origin)
        if waiting[rule] == nil {
          awaited.append(rule)
          for place in table.starts[Int(rule)] { add(Item(place: place, origin: here)) }
        }
        waiting[rule, default: []].append(next)
        if table.isNullable[Int(rule)] { add(next) }
      case .end:
        let rule = table.owners[Int(item.place)]
        if rule == table.root && item.origin == 0 { isAccepting = true }
        // What became the empty text has gone on already.
        guard item.origin < here else { continue }
        for next in sets[Int(item.origin)].waiting[rule] ?? [] { add(next) }
      }
    }
    findCosts(awaited, sets, table)
    for item in items {
      guard case .scalar(let set) = table.steps[Int(item.place)] else { continue }
      let next = Item(place: item.place + 1, origin: item.origin)
      if let rest = cost(of: next, sets, table) {
        expected.append(Expected(set: set, item: next, rest: rest))
      }
    }
  }

  /// What stands behind a rule may belong to a rule that begins at the same place: the cheapest of those
  /// that are known gives others theirs (Dijkstra's algorithm).
  private mutating func findCosts(_ rules: [Int32], _ sets: [EarleySet], _ table: GrammarTable) {
    if sets.isEmpty { costs[table.root] = 0 }
    guard !rules.isEmpty else { return }
    var queue = CostQueue()
    // Of each rule that begins here, the rules in it that begin here too, with what stands behind them.
    var parts: [Int32: [(rule: Int32, rest: Int)]] = [:]
    for rule in rules {
      for next in waiting[rule] ?? [] {
        if Int(next.origin) == sets.count {
          parts[table.owners[Int(next.place)], default: []].append(
            (rule, table.rests[Int(next.place)]))
        } else if let cost = cost(of: next, sets, table) {
          queue.insert(Int(rule), cost: cost)
        }
      }
    }
    func pass(on cost: Int, of rule: Int32) {
      for part in parts[rule] ?? [] {
        queue.insert(Int(part.rule), cost: Grammar.sum(cost, part.rest))
      }
    }
    if let cost = costs[table.root] { pass(on: cost, of: table.root) }
    while let (number, cost) = queue.popLeast() {
      let rule = Int32(number)
      guard costs[rule] == nil else { continue }
      costs[rule] = cost
      pass(on: cost, of: rule)
    }
  }

  /// The least cost of the text behind an item; nil while that is not known.
  private func cost(of item: Item, _ sets: [EarleySet], _ table: GrammarTable) -> Int? {
    let rule = table.owners[Int(item.place)]
    let origin = Int(item.origin)
    let outer = origin < sets.count ? sets[origin].costs[rule] : costs[rule]
    return outer.map { Grammar.sum($0, table.rests[Int(item.place)]) }
  }

  /// The set behind a character; nil where it may not follow. `sets` are those of all places up to this
  /// one, which is the last.
  static func next(
    _ scalar: UInt32, after sets: [EarleySet], _ table: GrammarTable
  ) -> EarleySet? {
    let kernel = sets[sets.count - 1].expected
      .filter { table.sets[Int($0.set)].contains(scalar) }
      .map(\.item)
    return kernel.isEmpty ? nil : EarleySet(kernel, after: sets, table)
  }
}
