/// All n-grams of one length k that a text has, sorted by their tokens.
///
/// Those that begin with the same k − 1 tokens lie behind one another: they are the children of
/// that (k − 1)-gram. At the first level n-gram i is the token i, whether the text has it or not.
struct NGramLevel: Sendable, Equatable {
  /// The last token of each n-gram, [n_k].
  var tokens: [TokenID] = []
  /// Where the children of each begin in the next level, and the end of the last one's,
  /// [n_k + 1]; empty at the last level.
  var children: [Int32] = []
  /// The probability of each n-gram's last token behind the others, [n_k].
  var probabilities: [Float] = []
  /// The weight of the distribution behind all but its first token, where the n-gram is what a
  /// token is predicted from, [n_k]; 1 where nothing ever followed; empty at the last level.
  var backoffs: [Float] = []

  /// The places of an n-gram's children in the next level.
  func children(of node: Int) -> Range<Int> {
    Int(children[node])..<Int(children[node + 1])
  }

  /// The place among `places` where the last token is `token`; nil where it is at none.
  func place(of token: TokenID, in places: Range<Int>) -> Int? {
    var (low, high) = (places.lowerBound, places.upperBound)
    while low < high {
      let middle = (low + high) / 2
      if tokens[middle] < token { low = middle + 1 } else { high = middle }
    }
    return low < places.upperBound && tokens[low] == token ? low : nil
  }
}
