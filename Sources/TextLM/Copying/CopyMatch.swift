/// The longest sequence at the end of a text that an index has, while the text grows.
package struct CopyMatch: Sendable {
  /// Its state in the index.
  package private(set) var state = CopyIndex.start
  /// Its tokens.
  package private(set) var length = 0

  /// The match of the empty text.
  package init() {}

  /// Adds a token to the text; the match is the longest of `limit` tokens at most.
  ///
  /// - Complexity: Constant on average: it is shortened only as often as it was made longer.
  package mutating func append(_ token: TokenID, _ index: CopyIndex, limit: Int = .max) {
    guard token != Vocabulary.unknown, token != Vocabulary.boundary else {
      self = CopyMatch()
      return
    }
    while true {
      if let target = index.target(of: state, token) {
        state = target
        length += 1
        break
      }
      guard let link = index.link(of: state) else {
        length = 0
        break
      }
      state = link
      length = index.length(of: link)
    }
    guard length > limit else { return }
    length = limit
    // The state of a shorter end, which occurs in more places.
    while let link = index.link(of: state), index.length(of: link) >= limit { state = link }
  }
}
