/// Constraints compiled for a vocabulary: after each token, which ones may follow.
///
/// A token may follow if the text with it can still become one that satisfies all constraints, by
/// tokens of the vocabulary and, where there is a bound, in as many as are left. So a text never gets
/// where nothing may follow.
public struct TokenAutomaton: Sendable {
  /// The most steps from state to token: 400 MB.
  private static let stepLimit = 1 << 25

  /// The names of the constraints.
  let names: [String]
  /// The state of the empty text.
  var start: Int32 { 0 }

  /// Whether a text in a state satisfies the constraints as it is.
  private let isAccepting: [Bool]
  /// The fewest tokens from a state to one that does.
  private let distances: [Int32]
  /// Where the steps of each state begin, and behind all of them their number.
  private let offsets: [Int]
  /// The token of each step, and the state it leads to; the tokens of a state are in order.
  private let tokens: [TokenID]
  private let targets: [Int32]

  /// Compiles constraints, of which there is one at least, for a tokenizer's texts.
  ///
  /// Throws `ConstraintError` for those that no text of the vocabulary satisfies, and `TextError` when
  /// ICU cannot tell the characters that they speak of.
  public init(_ constraints: [TextConstraint], tokenizer: Tokenizer) throws {
    precondition(!constraints.isEmpty, "token automaton: no constraints")
    let parts = try constraints.map {
      try ByteAutomaton($0.pattern(tokenizer.preparation))
    }
    let vocabulary = tokenizer.vocabulary
    let names = constraints.map(\.name)
    guard let all = try TokenAutomaton(parts, names: names, vocabulary) else {
      // Which of them is it, and is it the vocabulary?
      for (part, name) in zip(parts, names) {
        if !part.matchesAnything {
          throw ConstraintError.unsatisfiable(name: name, reason: "no text at all does")
        }
        if try TokenAutomaton([part], names: [name], vocabulary) == nil {
          throw ConstraintError.unsatisfiable(
            name: name, reason: "the model lacks characters that it needs")
        }
      }
      throw ConstraintError.exclusive(names: names)
    }
    self = all
  }

  /// Nil where nothing can be written. Throws `ConstraintError.tooLarge`.
  private init?(
    _ parts: [ByteAutomaton], names: [String], _ vocabulary: Vocabulary
  ) throws(ConstraintError) {
    self.names = names
    let graph = try TokenGraph(parts, vocabulary, stepLimit: Self.stepLimit)
    let distances = graph.distances
    // Without a token that leads on there is nothing to write, even if the empty text would do.
    guard distances[0] < .max, graph.steps(of: 0).contains(where: { distances[$0.target] < .max })
    else { return nil }
    var (offsets, tokens, targets) = ([0], [TokenID](), [Int32]())
    for state in distances.indices {
      for step in graph.steps(of: state) where distances[step.target] < .max {
        tokens.append(step.token)
        targets.append(Int32(step.target))
      }
      offsets.append(tokens.count)
    }
    self.offsets = offsets
    self.tokens = tokens
    self.targets = targets
    self.distances = distances
    isAccepting = graph.isAccepting
  }

  /// The fewest tokens of a text that satisfies the constraints.
  public var shortestLength: Int { Int(distances[0]) }

  /// Whether a text may end in a state.
  func mayEnd(in state: Int32) -> Bool { isAccepting[Int(state)] }

  /// Excludes all tokens that may not follow, if `remainingCount` more may be written; the end of the
  /// document stays where the text may end.
  ///
  /// Returns whether any token of text is left. If not, the text may end.
  func mask(_ logits: inout [Float], in state: Int32, remainingCount: Int?) -> Bool {
    var masked = [Float](repeating: -.infinity, count: logits.count)
    var isAny = false
    let bound = remainingCount.map { $0 - 1 } ?? .max
    for step in offsets[Int(state)]..<offsets[Int(state) + 1]
    where Int(distances[Int(targets[step])]) <= bound {
      masked[Int(tokens[step])] = logits[Int(tokens[step])]
      isAny = true
    }
    if mayEnd(in: state) {
      masked[Int(Vocabulary.boundary)] = logits[Int(Vocabulary.boundary)]
    }
    logits = masked
    return isAny
  }

  /// The state after a token that may follow.
  func next(_ state: Int32, _ token: TokenID) -> Int32 {
    var (low, high) = (offsets[Int(state)], offsets[Int(state) + 1])
    while low < high {
      let middle = (low + high) / 2
      if tokens[middle] < token { low = middle + 1 } else { high = middle }
    }
    precondition(
      low < offsets[Int(state) + 1] && tokens[low] == token,
      "token automaton: token \(token) may not follow in state \(state)")
    return targets[low]
  }
}
