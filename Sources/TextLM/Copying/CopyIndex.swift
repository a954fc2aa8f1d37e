/// All sequences of tokens that texts have in them: for knowing what is copied from a training text.
///
/// A suffix automaton: its states stand for sequences that occur in the same places, and whatever is
/// read of it from the start is a sequence of the texts. At most 2n states and 3n edges for n tokens,
/// some 60 bytes for each token.
///
/// No sequence reaches over the border of two texts or over an unknown character, which stands for
/// different ones.
///
/// Reference: A. Blumer et al., "The smallest automaton recognizing the subwords of a text",
/// Theoretical Computer Science 40, 1985.
public struct CopyIndex: Sendable {
  /// The start: the empty sequence.
  package static let start: Int32 = 0
  private static let none: Int32 = -1

  /// Tokens of all texts.
  public private(set) var tokenCount = 0

  /// Of each state the length of its longest sequence, the state of the longest sequence at its end
  /// that occurs elsewhere too, and its first edge.
  private var lengths: [Int32] = [0]
  private var links: [Int32] = [Self.none]
  private var firstEdges: [Int32] = [Self.none]
  /// Of each edge its token, the state it leads to, and the next edge of the same state.
  private var edgeTokens: [TokenID] = []
  private var edgeTargets: [Int32] = []
  private var nextEdges: [Int32] = []
  /// Where each token leads from the start, which has more edges than are worth going through.
  private var startTargets: [Int32]

  /// The index of texts in the tokens of a vocabulary.
  ///
  /// - Complexity: Linear in the number of tokens, but for the edges of a state, which are gone through
  ///   one by one.
  public init(_ texts: [[TokenID]], vocabularySize: Int) {
    startTargets = [Int32](repeating: Self.none, count: vocabularySize)
    for text in texts {
      var last = Self.start
      for token in text {
        guard token != Vocabulary.unknown, token != Vocabulary.boundary else {
          last = Self.start
          continue
        }
        last = append(token, to: last)
        tokenCount += 1
      }
    }
  }

  /// Where a token leads from a state; nil where no text goes on so.
  func target(of state: Int32, _ token: TokenID) -> Int32? {
    if state == Self.start {
      let target = startTargets[Int(token)]
      return target == Self.none ? nil : target
    }
    let edge = edge(of: state, token)
    return edge == Self.none ? nil : edgeTargets[Int(edge)]
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
    var edge = firstEdges[Int(state)]
    while edge != Self.none {
      body(edgeTokens[Int(edge)])
      edge = nextEdges[Int(edge)]
    }
  }

  private func edge(of state: Int32, _ token: TokenID) -> Int32 {
    var edge = firstEdges[Int(state)]
    while edge != Self.none, edgeTokens[Int(edge)] != token { edge = nextEdges[Int(edge)] }
    return edge
  }

  private mutating func addState(length: Int32, link: Int32) -> Int32 {
    lengths.append(length)
    links.append(link)
    firstEdges.append(Self.none)
    return Int32(lengths.count - 1)
  }

  private mutating func addEdge(_ state: Int32, _ token: TokenID, to target: Int32) {
    edgeTokens.append(token)
    edgeTargets.append(target)
    nextEdges.append(firstEdges[Int(state)])
    firstEdges[Int(state)] = Int32(edgeTokens.count - 1)
    if state == Self.start { startTargets[Int(token)] = target }
  }

  private mutating func turn(_ state: Int32, _ token: TokenID, to target: Int32) {
    edgeTargets[Int(edge(of: state, token))] = target
    if state == Self.start { startTargets[Int(token)] = target }
  }

  /// Adds a token behind the sequence that was added last; the state of the whole sequence.
  private mutating func append(_ token: TokenID, to last: Int32) -> Int32 {
    let length = lengths[Int(last)] + 1
    // An earlier text may have gone the same way.
    if let known = target(of: last, token) {
      return lengths[Int(known)] == length ? known : split(known, from: last, token)
    }
    let state = addState(length: length, link: Self.start)
    var place = last
    while place != Self.none, target(of: place, token) == nil {
      addEdge(place, token, to: state)
      place = links[Int(place)]
    }
    guard place != Self.none, let known = target(of: place, token) else { return state }
    let isWhole = lengths[Int(known)] == lengths[Int(place)] + 1
    links[Int(state)] = isWhole ? known : split(known, from: place, token)
    return state
  }

  /// Takes out of a state the sequences up to those that the edge from `place` leads to.
  private mutating func split(_ state: Int32, from place: Int32, _ token: TokenID) -> Int32 {
    let shorter = addState(length: lengths[Int(place)] + 1, link: links[Int(state)])
    var edge = firstEdges[Int(state)]
    while edge != Self.none {
      addEdge(shorter, edgeTokens[Int(edge)], to: edgeTargets[Int(edge)])
      edge = nextEdges[Int(edge)]
    }
    links[Int(state)] = shorter
    var place = place
    while place != Self.none, target(of: place, token) == state {
      turn(place, token, to: shorter)
      place = links[Int(place)]
    }
    return shorter
  }
}
