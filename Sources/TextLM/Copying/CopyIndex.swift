/// All sequences of tokens that texts have in them: for knowing what is copied from a training text.
///
/// A suffix automaton: its states stand for sequences that occur in the same places, and whatever is
/// read of it from the start is a sequence of the texts. At most 2n states and 3n edges for n tokens:
/// of English prose some 1.5n and 2.2n, which take 36 bytes for each token, and about 100 while the
/// index is made.
///
/// No sequence reaches over the border of two texts or over an unknown character, which stands for
/// different ones.
///
/// Reference: A. Blumer et al., "The smallest automaton recognizing the subwords of a text",
/// Theoretical Computer Science 40, 1985.
public struct CopyIndex: Sendable, Equatable {
  /// The start: the empty sequence.
  package static let start: Int32 = 0
  /// What stands in the place of a state where there is none.
  static let none: Int32 = -1
  /// The most tokens that are put into an index, which takes some 7 GB to make.
  package static let greatestTokenCount = 1 << 26
  /// The memory that a token takes while the index is made.
  private static let bytesPerToken = 100

  /// Tokens of all texts.
  public let tokenCount: Int
  /// Of each state the length of its longest sequence.
  let lengths: [Int32]
  /// Of each state that of the longest sequence at its end that occurs elsewhere too.
  let links: [Int32]
  /// Where the edges of each state begin, and behind the last one how many there are.
  let edgeStarts: [Int32]
  /// Of each edge its token, which ascends within a state.
  let edgeTokens: [TokenID]
  /// Of each edge the state it leads to.
  let edgeTargets: [Int32]

  /// Takes the parts of an index.
  init(
    tokenCount: Int, lengths: [Int32], links: [Int32], edgeStarts: [Int32],
    edgeTokens: [TokenID], edgeTargets: [Int32]
  ) {
    self.tokenCount = tokenCount
    self.lengths = lengths
    self.links = links
    self.edgeStarts = edgeStarts
    self.edgeTokens = edgeTokens
    self.edgeTargets = edgeTargets
  }

  /// The index of texts in the tokens of a vocabulary.
  ///
  /// - Complexity: Linear in the number of tokens, but for the edges of a state, which are gone through
  ///   one by one.
  public init(_ texts: some Sequence<some Sequence<TokenID>>, vocabularySize: Int) {
    var builder = CopyIndexBuilder(vocabularySize: vocabularySize)
    for text in texts { builder.append(text) }
    self = builder.index()
  }

  /// Refuses a text for whose index a machine has no room, whose free memory may be unknown.
  package static func checkSize(
    tokenCount: Int, availableBytes: Int?
  ) throws(CopyIndexError) {
    let room = availableBytes.map { $0 / bytesPerToken } ?? greatestTokenCount
    let limit = min(room, greatestTokenCount)
    guard tokenCount <= limit else {
      throw .tooLong(tokenCount: tokenCount, limit: limit, bytesPerToken: bytesPerToken)
    }
  }

  /// Where a token leads from a state; nil where no text goes on so.
  func target(of state: Int32, _ token: TokenID) -> Int32? {
    var edges = edges(of: state)
    while !edges.isEmpty {
      let middle = edges.lowerBound + edges.count / 2
      if edgeTokens[middle] == token { return edgeTargets[middle] }
      edges =
        edgeTokens[middle] < token
        ? middle + 1..<edges.upperBound : edges.lowerBound..<middle
    }
    return nil
  }

  /// The length of the longest sequence of a state.
  func length(of state: Int32) -> Int { Int(lengths[Int(state)]) }

  /// The state of the longest sequence at a state's end that occurs elsewhere too; nil of the start.
  func link(of state: Int32) -> Int32? {
    let link = links[Int(state)]
    return link == Self.none ? nil : link
  }

  /// Calls `body` with every token that follows a state's sequences somewhere.
  package func forEachToken(after state: Int32, _ body: (TokenID) -> Void) {
    for edge in edges(of: state) { body(edgeTokens[edge]) }
  }

  /// The places of a state's edges.
  private func edges(of state: Int32) -> Range<Int> {
    Int(edgeStarts[Int(state)])..<Int(edgeStarts[Int(state) + 1])
  }
}
