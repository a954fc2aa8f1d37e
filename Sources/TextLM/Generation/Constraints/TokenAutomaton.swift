/// Constraints compiled for a vocabulary: after each token, which ones may follow.
///
/// A token may follow if the text with it can still become one that satisfies all constraints, by
/// tokens of the vocabulary and, where there is a bound, in as many as are left. So a text never gets
/// where nothing may follow.
///
/// Stop texts are never in a text; where one satisfies the constraints, they may come and end it.
public struct TokenAutomaton: Sendable {
  /// The most steps from state to token: 400 MB.
  private static let stepLimit = 1 << 25

  /// The names of the constraints.
  package let names: [String]
  /// The texts in front of which a text may end.
  let stops: [String]
  /// The words of each list of `constraints` that cannot be written; none of a list that can.
  package private(set) var unwritableWords: [UnwritableWords] = []
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
  /// The states they lead to while no stop text may begin, −1 for none; empty without stop texts.
  private let earlyTargets: [Int32]

  /// Compiles constraints, of which there is one at least, for a tokenizer's texts, which end in front of
  /// the first of `stops`.
  ///
  /// Throws `ConstraintError` for those that no text of the vocabulary satisfies, and `TextError` when
  /// ICU cannot tell the characters that they speak of.
  public init(
    _ constraints: [TextConstraint], stops: [String] = [], tokenizer: Tokenizer
  ) throws {
    precondition(
      !constraints.isEmpty && !stops.contains(where: \.utf8.isEmpty),
      "token automaton: no constraints, or an empty stop text")
    var parts = try constraints.map {
      try ByteAutomaton($0.pattern(tokenizer.preparation))
    }
    var unwritableWords: [UnwritableWords] = []
    for constraint in constraints {
      guard let words = constraint.unwritableWords(tokenizer) else { continue }
      // What may stand between words could still be written, which nobody wants of a list of words.
      if words.areAll {
        throw ConstraintError.lacking(name: constraint.name, reason: words.description)
      }
      unwritableWords.append(words)
    }
    var names = constraints.map(\.name)
    if !stops.isEmpty {
      let stopped = TextPattern.choice(stops.map { .including(UTF8Text($0)) })
      parts.append(try ByteAutomaton(stopped).avoided)
      names.append("--stop")
    }
    let vocabulary = tokenizer.vocabulary
    guard let all = try TokenAutomaton(parts, names: names, stops: stops, vocabulary) else {
      // Which of them is it, and is it the vocabulary?
      for (index, (part, name)) in zip(parts, names).enumerated() {
        if !part.matchesAnything {
          throw ConstraintError.unsatisfiable(
            name: name, reason: "no text at all does; put a character into the set that is empty")
        }
        let constraint = index < constraints.count ? constraints[index] : nil
        if let constraint, !part.matchesText { throw constraint.emptyError }
        if try TokenAutomaton([part], names: [name], stops: [], vocabulary) == nil {
          throw try constraint?.lackingError(tokenizer)
            ?? ConstraintError.unsatisfiable(
              name: name, reason: "all that the model can write has one of the texts in it")
        }
      }
      throw ConstraintError.exclusive(names: names)
    }
    self = all
    self.unwritableWords = unwritableWords
  }

  /// Nil where nothing can be written. Throws `ConstraintError.tooLarge`.
  private init?(
    _ parts: [ByteAutomaton], names: [String], stops: [String], _ vocabulary: Vocabulary
  ) throws(ConstraintError) {
    self.names = names
    self.stops = stops
    let graph = try TokenGraph(
      parts, stops: stops.map { Array($0.utf8) }, vocabulary, stepLimit: Self.stepLimit)
    let distances = graph.distances
    // Without a token that leads on there is nothing to write, even if the empty text would do.
    guard distances[0] < .max, graph.steps(of: 0).contains(where: { distances[$0.target] < .max })
    else { return nil }
    var (offsets, tokens, targets, earlyTargets) = ([0], [TokenID](), [Int32](), [Int32]())
    for state in distances.indices {
      for step in graph.steps(of: state) where distances[step.target] < .max {
        tokens.append(step.token)
        targets.append(Int32(step.target))
        guard !stops.isEmpty else { continue }
        let early = step.early.flatMap { distances[$0] < .max ? Int32($0) : nil }
        earlyTargets.append(early ?? -1)
      }
      offsets.append(tokens.count)
    }
    self.offsets = offsets
    self.tokens = tokens
    self.targets = targets
    self.earlyTargets = earlyTargets
    self.distances = distances
    isAccepting = graph.isAccepting
  }

  /// The fewest tokens of a text that satisfies the constraints.
  public var shortestLength: Int { Int(distances[0]) }

  /// Whether a text that satisfies the constraints can have a character in it with which such a part
  /// ends. Where characters are spelled in bytes it may also be so when it cannot.
  ///
  /// Throws `TextError` when ICU cannot tell the characters.
  package func allowsEnd(of part: TextPart, _ vocabulary: Vocabulary) throws(TextError) -> Bool {
    let watcher = try PartWatcher(part)
    return Set(tokens).contains { token in
      switch vocabulary.kind(of: token) {
      case .boundary, .unknown: false
      case .unit(let text): text.scalars.contains { watcher.mayEnd(with: $0) }
      case .byte(let byte): byte > 0x7F || watcher.mayEnd(with: UInt32(byte))
      }
    }
  }

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

  /// Excludes all tokens that may not follow while the text may not end: those that lead to states which
  /// `mayFollow` refuses, and those that only a stop text allows. Returns whether any is left.
  func maskEarly(
    _ logits: inout [Float], in state: Int32, _ mayFollow: (Int32) -> Bool
  ) -> Bool {
    var masked = [Float](repeating: -.infinity, count: logits.count)
    var isAny = false
    for step in offsets[Int(state)]..<offsets[Int(state) + 1] {
      let target = earlyTarget(step)
      guard target >= 0, mayFollow(target) else { continue }
      masked[Int(tokens[step])] = logits[Int(tokens[step])]
      isAny = true
    }
    logits = masked
    return isAny
  }

  private func earlyTarget(_ step: Int) -> Int32 {
    earlyTargets.isEmpty ? targets[step] : earlyTargets[step]
  }

  /// For each state, whether so many tokens at most lead to a whole text.
  func states(within count: Int) -> [Bool] { distances.map { $0 < .max && Int($0) <= count } }

  /// For each state, whether a token leads from it to a state of a set, without a stop text.
  func statesLeadingEarly(to set: [Bool]) -> [Bool] {
    distances.indices.map { state in
      (offsets[state]..<offsets[state + 1]).contains { step in
        let target = earlyTarget(step)
        return target >= 0 && set[Int(target)]
      }
    }
  }

  /// The state after a token that may follow; `isEarly` while no stop text may begin.
  func next(_ state: Int32, _ token: TokenID, isEarly: Bool) -> Int32 {
    var (low, high) = (offsets[Int(state)], offsets[Int(state) + 1])
    while low < high {
      let middle = (low + high) / 2
      if tokens[middle] < token { low = middle + 1 } else { high = middle }
    }
    precondition(
      low < offsets[Int(state) + 1] && tokens[low] == token,
      "token automaton: token \(token) may not follow in state \(state)")
    return isEarly ? earlyTarget(low) : targets[low]
  }
}
