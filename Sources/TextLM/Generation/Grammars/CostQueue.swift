/// Rules with costs, of which the cheapest comes first: a binary heap.
///
/// Reference: J. W. J. Williams, "Algorithm 232: Heapsort", Communications of the ACM 7, 1964.
struct CostQueue {
  private var entries: [(rule: Int, cost: Int)] = []

  /// Adds a rule. O(log n) for n entries.
  mutating func insert(_ rule: Int, cost: Int) {
    entries.append((rule, cost))
    var place = entries.count - 1
    while place > 0, entries[place].cost < entries[(place - 1) / 2].cost {
      entries.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  /// Takes the rule of the least cost; nil when there is none left. O(log n) for n entries.
  mutating func popLeast() -> (rule: Int, cost: Int)? {
    guard let least = entries.first, let last = entries.popLast() else { return nil }
    guard !entries.isEmpty else { return least }
    entries[0] = last
    var place = 0
    while true {
      let children = (2 * place + 1..<2 * place + 3).clamped(to: 0..<entries.count)
      guard let child = children.min(by: { entries[$0].cost < entries[$1].cost }),
        entries[child].cost < entries[place].cost
      else { return least }
      entries.swapAt(place, child)
      place = child
    }
  }
}
