/// An automaton over bytes that may be in many states at once: the first form of a pattern.
///
/// Reference: Ken Thompson, "Regular Expression Search Algorithm", 1968.
struct NondeterministicAutomaton {
  /// A step that reads a byte.
  struct Edge {
    let bytes: ClosedRange<UInt8>
    let target: Int32
  }

  /// The most states: a pattern with more would take minutes to compile.
  static let stateLimit = 2_000_000

  /// The steps from each state that read a byte, and those that read nothing.
  private(set) var edges: [[Edge]] = []
  private(set) var jumps: [[Int32]] = []
  /// Where texts begin, and where they may end.
  private(set) var (start, end): (Int32, Int32) = (0, 0)

  /// Throws `ConstraintError.tooLarge` for a pattern of too many states.
  init(_ pattern: TextPattern) throws(ConstraintError) {
    start = try addState()
    end = try add(pattern, from: start)
  }

  private mutating func addState() throws(ConstraintError) -> Int32 {
    guard edges.count < Self.stateLimit else { throw .tooLarge(states: Self.stateLimit) }
    edges.append([])
    jumps.append([])
    return Int32(edges.count - 1)
  }

  /// Adds what reads a pattern from a state on; gives the state behind it.
  private mutating func add(
    _ pattern: TextPattern, from start: Int32
  ) throws(ConstraintError) -> Int32 {
    switch pattern {
    case .scalar(let scalars):
      let end = try addState()
      for sequence in scalars.byteSequences { try addBytes(sequence, from: start, to: end) }
      return end
    case .sequence(let parts):
      var state = start
      for part in parts { state = try add(part, from: state) }
      return state
    case .choice(let parts):
      let end = try addState()
      for part in parts {
        let begin = try addState()
        jumps[Int(start)].append(begin)
        jumps[Int(try add(part, from: begin))].append(end)
      }
      return end
    case .repeated(let part, let from, let to):
      return try addRepeated(part, from: from, to: to, start)
    case .word(let words):
      return try addTrie(words, from: start)
    }
  }

  private mutating func addBytes(
    _ sequence: [ClosedRange<UInt8>], from start: Int32, to end: Int32
  ) throws(ConstraintError) {
    var state = start
    for (index, bytes) in sequence.enumerated() {
      let next = index == sequence.count - 1 ? end : try addState()
      edges[Int(state)].append(Edge(bytes: bytes, target: next))
      state = next
    }
  }

  private mutating func addRepeated(
    _ part: TextPattern, from: Int, to: Int?, _ start: Int32
  ) throws(ConstraintError) -> Int32 {
    var state = start
    for _ in 0..<from { state = try add(part, from: state) }
    let end = try addState()
    if let to {
      for _ in from..<to {
        jumps[Int(state)].append(end)
        state = try add(part, from: state)
      }
      jumps[Int(state)].append(end)
      return end
    }
    // A state of its own for the loop: whatever led here must not be entered again.
    let loop = try addState()
    jumps[Int(state)].append(loop)
    jumps[Int(try add(part, from: loop))].append(loop)
    jumps[Int(loop)].append(end)
    return end
  }

  private mutating func addTrie(
    _ words: [[UInt8]], from start: Int32
  ) throws(ConstraintError) -> Int32 {
    let end = try addState()
    var children: [UInt64: Int32] = [:]
    for word in words {
      var state = start
      for byte in word {
        let key = UInt64(UInt32(bitPattern: state)) << 8 | UInt64(byte)
        if let child = children[key] {
          state = child
        } else {
          let child = try addState()
          edges[Int(state)].append(Edge(bytes: byte...byte, target: child))
          children[key] = child
          state = child
        }
      }
      if !jumps[Int(state)].contains(end) { jumps[Int(state)].append(end) }
    }
    return end
  }
}
