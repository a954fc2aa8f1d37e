/// A grammar compiled for a vocabulary: after each token of a text, which ones may follow.
///
/// A token may follow if the text with it can still become one that follows the grammar and, where there
/// is a bound, if it can in as many tokens as are left. So a text never gets where nothing may follow.
/// How many a text still needs is counted in units of one character, and in bytes for characters that
/// have none: for a vocabulary of words it may need fewer, and is never told to need too few.
public struct TokenGrammar: Sendable {
  /// What errors call it: the name of the option.
  static let name = "--grammar"

  /// The grammar.
  let table: GrammarTable
  /// The tokens of one character that is in a set, for each set.
  let tokens: [[TokenID]]
  /// The UTF-8 of each set.
  let byteSequences: [[[ClosedRange<UInt8>]]]
  /// The token of each byte; empty in a vocabulary without them.
  let byteTokens: [TokenID]
  /// The tokens of several characters, in the order of these.
  let longTokens: [(scalars: [UInt32], token: TokenID)]
  /// The characters of the tokens that have text.
  let scalars: [TokenID: [UInt32]]
  /// The bytes of the tokens that are one.
  let bytes: [TokenID: UInt8]

  /// The fewest tokens of a text that follows the grammar.
  public let shortestLength: Int

  /// Compiles a grammar for texts of a vocabulary.
  ///
  /// Throws `GrammarError` when no text that follows it can be written.
  public init(_ grammar: Grammar, vocabulary: Vocabulary) throws(GrammarError) {
    var scalars: [TokenID: [UInt32]] = [:]
    var bytes: [TokenID: UInt8] = [:]
    var byteTokens = [TokenID?](repeating: nil, count: 256)
    for token in 0..<TokenID(vocabulary.count) {
      switch vocabulary.kind(of: token) {
      case .boundary, .unknown: continue
      case .unit(let text): scalars[token] = text.scalars
      case .byte(let byte):
        bytes[token] = byte
        byteTokens[Int(byte)] = token
      }
    }
    let singles = scalars.filter { $0.value.count == 1 }.sorted { $0.key < $1.key }
    let tokens = grammar.sets.map { set in
      singles.filter { set.contains($0.value[0]) }.map(\.key)
    }
    let byteSequences = grammar.sets.map(\.byteSequences)
    self.tokens = tokens
    self.byteSequences = byteSequences
    self.scalars = scalars
    self.bytes = bytes
    let allBytes = byteTokens.compactMap { $0 }
    self.byteTokens = allBytes.count == 256 ? allBytes : []
    longTokens = scalars.filter { $0.value.count > 1 }
      .map { (scalars: $0.value, token: $0.key) }
      .sorted { $0.scalars.lexicographicallyPrecedes($1.scalars) }

    let hasBytes = allBytes.count == 256
    let setCosts = grammar.sets.indices.map { set -> Int? in
      if !tokens[set].isEmpty { return 1 }
      return hasBytes ? byteSequences[set].map(\.count).min() : nil
    }
    let costs = grammar.costs(ofSets: setCosts)
    guard let shortest = costs[grammar.root] else {
      let (rule, line, set) = grammar.cause(of: grammar.root, costs, setCosts: setCosts)
      throw .lacking(
        source: grammar.source, line: line, rule: grammar.rules[rule].name,
        characters: set.map { grammar.sets[$0].summary } ?? "characters")
    }
    shortestLength = shortest
    table = GrammarTable(grammar, ruleCosts: costs, setCosts: setCosts)
    if EarleySet(startOf: table).expected.isEmpty { throw .empty(source: grammar.source) }
  }
}
