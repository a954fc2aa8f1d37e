/// An automaton over the bytes of a text that is in one state at a time.
struct ByteAutomaton: Sendable {
  /// No state: the text can no longer become what it must.
  static let dead: Int32 = -1
  /// The most entries of the table: 128 MiB.
  private static let entryLimit = 1 << 25

  /// The state of the empty text.
  let start: Int32 = 0
  /// Whether a text in a state is whole.
  private(set) var isAccepting: [Bool] = []

  /// The column of each byte; bytes that are alike to the pattern share one.
  private let columns: [UInt8]
  private let columnCount: Int
  /// The next state, by state and column.
  private var table: [Int32] = []

  /// The state after a byte.
  @inline(__always)
  func next(_ state: Int32, _ byte: UInt8) -> Int32 {
    table[Int(state) * columnCount + Int(columns[Int(byte)])]
  }

  /// Makes the automaton of a pattern, by the subset construction.
  ///
  /// Throws `ConstraintError.tooLarge`.
  init(_ pattern: TextPattern) throws(ConstraintError) {
    let source = try NondeterministicAutomaton(pattern)
    (columns, columnCount) = Self.columns(of: source)
    let representatives = (0..<columnCount).map { column in
      UInt8(columns.firstIndex(of: UInt8(column)) ?? 0)
    }
    var numbers: [[Int32]: Int32] = [:]
    var sets: [[Int32]] = []
    func number(of set: [Int32]) -> Int32 {
      if set.isEmpty { return Self.dead }
      if let number = numbers[set] { return number }
      let number = Int32(sets.count)
      numbers[set] = number
      sets.append(set)
      return number
    }
    _ = number(of: Self.closure([source.start], source))
    var done = 0
    while done < sets.count {
      guard sets.count * columnCount <= Self.entryLimit else {
        throw .tooLarge(states: sets.count)
      }
      isAccepting.append(sets[done].contains(source.end))
      for byte in representatives {
        var targets: [Int32] = []
        for state in sets[done] {
          for edge in source.edges[Int(state)] where edge.bytes.contains(byte) {
            targets.append(edge.target)
          }
        }
        table.append(number(of: Self.closure(targets, source)))
      }
      done += 1
    }
  }

  /// The automaton of the texts of which this one accepts no beginning.
  var avoided: ByteAutomaton {
    var result = self
    result.table = table.map { $0 != Self.dead && isAccepting[Int($0)] ? Self.dead : $0 }
    result.isAccepting = isAccepting.map { !$0 }
    return result
  }

  /// Numbers the longest runs of bytes that no edge tells apart.
  private static func columns(
    of source: NondeterministicAutomaton
  ) -> (columns: [UInt8], count: Int) {
    var starts = [Bool](repeating: false, count: 257)
    for edge in source.edges.joined() {
      starts[Int(edge.bytes.lowerBound)] = true
      starts[Int(edge.bytes.upperBound) + 1] = true
    }
    var columns: [UInt8] = []
    var column = 0
    for byte in 0..<256 {
      if byte > 0, starts[byte] { column += 1 }
      columns.append(UInt8(column))
    }
    return (columns, column + 1)
  }

  /// The states that are reached without reading a byte, those given included, in order.
  private static func closure(
    _ states: [Int32], _ source: NondeterministicAutomaton
  ) -> [Int32] {
    var found = Set(states)
    var open = Array(found)
    while let state = open.popLast() {
      for target in source.jumps[Int(state)] where found.insert(target).inserted {
        open.append(target)
      }
    }
    return found.sorted()
  }
}
