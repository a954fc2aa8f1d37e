/// All states that tokens of a vocabulary lead to in several byte automata at once.
struct TokenGraph {
  /// A token that may follow a state, and where it leads.
  struct Step {
    let token: TokenID
    let target: Int
    /// Where it leads while no stop text may begin; nil where it may not follow then.
    let early: Int?
  }

  /// Whether each state is one where all automata accept.
  private(set) var isAccepting: [Bool] = []
  private var offsets = [0]
  private var tokens: [TokenID] = []
  private var targets: [Int32] = []
  /// The targets while no stop text may begin, −1 for none; empty without stop texts.
  private var earlyTargets: [Int32] = []

  /// The states of the automata at each state of the graph, one array for each automaton, and behind them,
  /// if there are stop texts, the number of `StopTails`. Where only a stop text may follow, all automata
  /// are dead.
  private var places: [[Int32]]
  /// The number of each combination of two states, for each automaton but the first: of what the
  /// ones before it make up, and its own.
  private var numbers: [[UInt64: Int32]]
  /// The graph's number of what all make up.
  private var states: [Int32: Int32] = [:]

  /// Follows all tokens from the start, and where the automata accept, the stop texts. Throws
  /// `ConstraintError.tooLarge` when there are too many.
  init(
    _ automata: [ByteAutomaton], stops: [[UInt8]], _ vocabulary: Vocabulary, stepLimit: Int
  ) throws(ConstraintError) {
    var tails = stops.isEmpty ? nil : StopTails(stops)
    let start = automata.map(\.start) + (tails == nil ? [] : [StopTails.none])
    places = start.map { [$0] }
    numbers = [[UInt64: Int32]](repeating: [:], count: start.count)
    let units = Self.units(of: vocabulary)
    states[number(of: start)] = 0
    isAccepting = [automata.allSatisfy { $0.isAccepting[Int($0.start)] }]
    var state = 0
    var combined = start
    while state < isAccepting.count {
      for (token, bytes) in units {
        let isOn = follow(bytes, from: state, automata, &combined)
        if let tail = tails?.next(
          places[automata.count][state], bytes,
          mayBegin: isAccepting[state] && places[0][state] != ByteAutomaton.dead)
        {
          guard isOn || tail != StopTails.none else { continue }
          combined[automata.count] = StopTails.none
          earlyTargets.append(isOn ? target(of: combined, automata) : -1)
          if !isOn {
            for index in automata.indices { combined[index] = ByteAutomaton.dead }
          }
          combined[automata.count] = tail
        } else if !isOn {
          continue
        }
        tokens.append(token)
        targets.append(target(of: combined, automata))
      }
      guard tokens.count <= stepLimit else { throw .tooLarge(states: isAccepting.count) }
      offsets.append(tokens.count)
      state += 1
    }
  }

  /// Sets the states of the automata behind a token's bytes; false where one of them is dead.
  private func follow(
    _ bytes: [UInt8], from state: Int, _ automata: [ByteAutomaton], _ combined: inout [Int32]
  ) -> Bool {
    for (index, automaton) in automata.enumerated() {
      var place = places[index][state]
      for byte in bytes {
        if place == ByteAutomaton.dead { return false }
        place = automaton.next(place, byte)
      }
      if place == ByteAutomaton.dead { return false }
      combined[index] = place
    }
    return true
  }

  /// The tokens that have text, with its bytes.
  private static func units(of vocabulary: Vocabulary) -> [(token: TokenID, bytes: [UInt8])] {
    (0..<TokenID(vocabulary.count)).compactMap { token in
      switch vocabulary.kind(of: token) {
      case .boundary, .unknown: nil
      case .unit(let text): (token, text.bytes)
      case .byte(let byte): (token, [byte])
      }
    }
  }

  /// The graph's state for states of the automata, which is added when it is new.
  private mutating func target(of combined: [Int32], _ automata: [ByteAutomaton]) -> Int32 {
    let number = number(of: combined)
    if let state = states[number] { return state }
    let state = Int32(isAccepting.count)
    states[number] = state
    for (index, place) in combined.enumerated() { places[index].append(place) }
    let isStopped = combined.count > automata.count && combined[automata.count] == StopTails.whole
    isAccepting.append(
      isStopped
        || zip(automata, combined).allSatisfy {
          $1 != ByteAutomaton.dead && $0.isAccepting[Int($1)]
        })
    return state
  }

  /// One number for states of all automata.
  private mutating func number(of combined: [Int32]) -> Int32 {
    var number = combined[0]
    for index in combined.indices.dropFirst() {
      let pair =
        UInt64(UInt32(bitPattern: number)) << 32 | UInt64(UInt32(bitPattern: combined[index]))
      let next = Int32(numbers[index].count)
      number = numbers[index][pair] ?? next
      if number == next { numbers[index][pair] = next }
    }
    return number
  }

  /// The steps of a state, in the order of their tokens.
  func steps(of state: Int) -> some Sequence<Step> {
    (offsets[state]..<offsets[state + 1]).lazy.map {
      Step(
        token: tokens[$0], target: Int(targets[$0]),
        early: earlyTargets.isEmpty
          ? Int(targets[$0]) : earlyTargets[$0] < 0 ? nil : Int(earlyTargets[$0]))
    }
  }

  /// The fewest tokens from each state to an accepting one; `Int32.max` where there is no way.
  var distances: [Int32] {
    // The steps by their targets: breadth first, backward from all accepting states at once.
    var starts = [Int](repeating: 0, count: isAccepting.count + 1)
    for target in targets { starts[Int(target) + 1] += 1 }
    for state in isAccepting.indices { starts[state + 1] += starts[state] }
    var sources = [Int32](repeating: 0, count: targets.count)
    var filled = starts
    for state in isAccepting.indices {
      for step in offsets[state]..<offsets[state + 1] {
        let target = Int(targets[step])
        sources[filled[target]] = Int32(state)
        filled[target] += 1
      }
    }
    var distances = isAccepting.map { $0 ? Int32(0) : .max }
    var open = isAccepting.indices.filter { isAccepting[$0] }
    var done = 0
    while done < open.count {
      let state = open[done]
      done += 1
      for source in sources[starts[state]..<starts[state + 1]] {
        guard distances[Int(source)] == .max else { continue }
        distances[Int(source)] = distances[state] + 1
        open.append(Int(source))
      }
    }
    return distances
  }
}

extension ByteAutomaton {
  /// Whether there is a text that it accepts, of any bytes.
  var matchesAnything: Bool { isAccepting[Int(start)] || matchesText }

  /// Whether there is one of a byte or more.
  var matchesText: Bool {
    var seen: Set<Int32> = []
    var open = [start]
    while let state = open.popLast() {
      for byte in UInt8.min...UInt8.max {
        let next = next(state, byte)
        guard next != Self.dead, seen.insert(next).inserted else { continue }
        if isAccepting[Int(next)] { return true }
        open.append(next)
      }
    }
    return false
  }
}
