/// Where a text is in a grammar.
struct GrammarCourse: Sendable {
  private let grammar: TokenGrammar
  /// What may be going on at each place between characters so far; not empty.
  private var sets: [EarleySet]
  /// The bytes of a character that is not whole.
  private var pending: [UInt8] = []

  /// A text before its first character.
  init(_ grammar: TokenGrammar) {
    self.grammar = grammar
    sets = [EarleySet(startOf: grammar.table)]
  }

  private var last: EarleySet { sets[sets.count - 1] }

  /// Whether the text follows the grammar as it is.
  var mayEnd: Bool { pending.isEmpty && last.isAccepting }

  /// Excludes all tokens that may not follow, if `remainingCount` more may be written; the end of the
  /// document stays where the text may end.
  ///
  /// Returns whether any token of text is left. If not, the text may end.
  func mask(_ logits: inout [Float], remainingCount: Int?) -> Bool {
    let remaining = remainingCount ?? .max
    var masked = [Float](repeating: -.infinity, count: logits.count)
    var isAny = false
    func allow(_ token: TokenID) {
      masked[Int(token)] = logits[Int(token)]
      isAny = true
    }
    for (set, rest) in leastRests where rest < remaining {
      if pending.isEmpty { grammar.tokens[set].forEach(allow) }
      guard !grammar.byteTokens.isEmpty else { continue }
      for sequence in grammar.byteSequences[set]
      where sequence.count > pending.count && sequence.count - pending.count <= remaining - rest
        && zip(sequence, pending).allSatisfy({ $0.contains($1) })
      {
        for byte in sequence[pending.count] { allow(grammar.byteTokens[Int(byte)]) }
      }
    }
    if pending.isEmpty { forEachLongToken(remaining, allow) }
    if mayEnd { masked[Int(Vocabulary.boundary)] = logits[Int(Vocabulary.boundary)] }
    logits = masked
    return isAny
  }

  /// The sets of which a character may follow, each with what the text costs at least behind it.
  private var leastRests: [Int: Int] {
    var rests: [Int: Int] = [:]
    for expected in last.expected {
      rests[Int(expected.set)] = min(rests[Int(expected.set)] ?? .max, expected.rest)
    }
    return rests
  }

  /// Finds the tokens of several characters that may follow. They are in order, so that what two have
  /// in common at their beginnings is followed once.
  private func forEachLongToken(_ remaining: Int, _ body: (TokenID) -> Void) {
    var sets = self.sets
    let first = sets.count
    var followed: [UInt32] = []
    // The characters that led nowhere, as many as there are in `followed` and one more.
    var dead: [UInt32] = []
    for (scalars, token) in grammar.longTokens {
      if !dead.isEmpty, scalars.starts(with: dead) { continue }
      dead = []
      let common = zip(scalars.dropLast(), followed).prefix { $0 == $1 }.count
      followed.removeSubrange(common...)
      sets.removeSubrange((first + common)...)
      for scalar in scalars[common..<scalars.count - 1] {
        guard let next = EarleySet.next(scalar, after: sets, grammar.table) else {
          dead = followed + [scalar]
          break
        }
        followed.append(scalar)
        sets.append(next)
      }
      guard dead.isEmpty, let scalar = scalars.last else { continue }
      let rest = sets[sets.count - 1].expected
        .filter { grammar.table.sets[Int($0.set)].contains(scalar) }
        .map(\.rest).min()
      if let rest, rest < remaining { body(token) }
    }
  }

  /// Adds a token that may follow.
  mutating func append(_ token: TokenID) {
    if let byte = grammar.bytes[token] {
      pending.append(byte)
      guard let scalar = wholeScalar else { return }
      pending = []
      append(scalar: scalar)
    } else {
      for scalar in grammar.scalars[token] ?? [] { append(scalar: scalar) }
    }
  }

  private mutating func append(scalar: UInt32) {
    guard let next = EarleySet.next(scalar, after: sets, grammar.table) else {
      preconditionFailure("token grammar: the character \(scalar) may not follow")
    }
    sets.append(next)
  }

  /// The character that the bytes are, if they are a whole one.
  private var wholeScalar: UInt32? {
    var decoder = UTF8()
    var bytes = pending.makeIterator()
    guard case .scalarValue(let scalar) = decoder.decode(&bytes) else { return nil }
    return scalar.value
  }
}
