/// An index of copies while it is made, token after token.
///
/// Its edges lie in the order in which they came, those of a state in a chain with the newest in
/// front.
struct CopyIndexBuilder {
  private static let none = CopyIndex.none

  private var tokenCount = 0
  /// Of each state what `CopyIndex` has of it, and its newest edge.
  private var lengths: [Int32] = [0]
  private var links: [Int32] = [none]
  private var firstEdges: [Int32] = [none]
  /// Of each edge its token, the state it leads to, and the next edge of the same state.
  private var edgeTokens: [TokenID] = []
  private var edgeTargets: [Int32] = []
  private var nextEdges: [Int32] = []
  /// Where each token leads from the start, which has more edges than are worth going through.
  private var startTargets: [Int32]

  /// An index without texts, for the tokens of a vocabulary.
  init(vocabularySize: Int) {
    startTargets = [Int32](repeating: Self.none, count: vocabularySize)
  }

  /// Adds a text.
  mutating func append(_ text: some Sequence<TokenID>) {
    var last = CopyIndex.start
    for token in text {
      guard token != Vocabulary.unknown, token != Vocabulary.boundary else {
        last = CopyIndex.start
        continue
      }
      last = append(token, to: last)
      tokenCount += 1
    }
  }

  /// The index, with the edges of each state behind each other and by their tokens.
  func index() -> CopyIndex {
    var starts: [Int32] = [0]
    var tokens: [TokenID] = []
    var targets: [Int32] = []
    starts.reserveCapacity(lengths.count + 1)
    tokens.reserveCapacity(edgeTokens.count)
    targets.reserveCapacity(edgeTokens.count)
    var edges: [Int] = []
    for first in firstEdges {
      edges.removeAll(keepingCapacity: true)
      var edge = first
      while edge != Self.none {
        edges.append(Int(edge))
        edge = nextEdges[Int(edge)]
      }
      edges.sort { edgeTokens[$0] < edgeTokens[$1] }
      for edge in edges {
        tokens.append(edgeTokens[edge])
        targets.append(edgeTargets[edge])
      }
      starts.append(Int32(tokens.count))
    }
    return CopyIndex(
      tokenCount: tokenCount, lengths: lengths, links: links, edgeStarts: starts,
      edgeTokens: tokens, edgeTargets: targets)
  }

  private func target(of state: Int32, _ token: TokenID) -> Int32? {
    if state == CopyIndex.start {
      let target = startTargets[Int(token)]
      return target == Self.none ? nil : target
    }
    let edge = edge(of: state, token)
    return edge == Self.none ? nil : edgeTargets[Int(edge)]
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
    if state == CopyIndex.start { startTargets[Int(token)] = target }
  }

  private mutating func turn(_ state: Int32, _ token: TokenID, to target: Int32) {
    edgeTargets[Int(edge(of: state, token))] = target
    if state == CopyIndex.start { startTargets[Int(token)] = target }
  }

  /// Adds a token behind the sequence that was added last; the state of the whole sequence.
  private mutating func append(_ token: TokenID, to last: Int32) -> Int32 {
    let length = lengths[Int(last)] + 1
    // An earlier text may have gone the same way.
    if let known = target(of: last, token) {
      return lengths[Int(known)] == length ? known : split(known, from: last, token)
    }
    let state = addState(length: length, link: CopyIndex.start)
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
