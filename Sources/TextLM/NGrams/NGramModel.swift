#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A model that predicts each token from the N − 1 before it, by how often the training text went
/// on in that way.
///
/// Probabilities are those of interpolated modified Kneser-Ney smoothing; see `NGramCounts`. The
/// model has no parameters in the sense of training: it is made at once. Its logits are the
/// logarithms of probabilities, so that all that measures and writes with a `LanguageModel` does so
/// with this one. Nothing before the last boundary token counts.
///
/// Reading a token takes O(N² log V + V) operations and no others' memory.
///
/// Reference: Stanley F. Chen and Joshua Goodman, "An Empirical Study of Smoothing Techniques for
/// Language Modeling", Computer Speech and Language 13, 1999.
public struct NGramModel: LanguageModel {
  /// N, the most tokens of an n-gram.
  public let order: Int
  /// The n-grams of each length from 1 to N.
  let levels: [NGramLevel]

  /// Token numbers are kept in states as float32, which is exact up to here.
  static let largestVocabularySize = 1 << 24

  /// Counts a text of tokens below `vocabularySize`, each document of which begins with the
  /// boundary token.
  ///
  /// Throws `NGramError` for a text of too many tokens, or of more n-grams than the machine has
  /// memory for.
  public init(
    _ tokens: some Collection<TokenID>, vocabularySize: Int, order: Int
  ) throws(NGramError) {
    precondition(
      NGramConfiguration.orders.contains(order) && vocabularySize <= Self.largestVocabularySize,
      "n-gram model: order \(order) with a vocabulary of \(vocabularySize)")
    let limit = Int(Int32.max) - 1
    guard tokens.count <= limit else { throw .tooLong(tokenCount: tokens.count, limit: limit) }
    let counts = try NGramCounts(
      Array(tokens), vocabularySize: vocabularySize, order: order
    ) { (sizes: [Int]) throws(NGramError) in
      let ngramCount = sizes.reduce(0, +)
      let needed = ngramCount * NGramCounts.bytesPerNGram
      guard let available = SystemMemory.availableBytes, needed > available else { return }
      throw .tooLarge(ngramCount: ngramCount, neededBytes: needed, availableBytes: available)
    }
    self.init(levels: counts.smoothed())
  }

  init(levels: [NGramLevel]) {
    order = levels.count
    self.levels = levels
  }

  /// V, the number of tokens.
  public var vocabularySize: Int { levels[0].tokens.count }
  /// None.
  public var parameters: [Parameter] { [] }
  /// The number of different n-grams of each length from 1 to N; of length 1, V.
  public var ngramCounts: [Int] { levels.map(\.tokens.count) }
  /// Probabilities and weights in all.
  public var numberCount: Int {
    levels.reduce(0) { $0 + $1.probabilities.count + $1.backoffs.count }
  }

  /// The state before any text.
  public func initialState(batchSize: Int) -> NGramState {
    NGramState(batchSize: batchSize, order: order)
  }

  /// Reads T tokens of B texts: the logarithms of all tokens' probabilities after each, [T, B, V],
  /// are both what it knows and its logits.
  public func read(
    _ tokens: TokenBatch, state: inout NGramState, _ pass: ForwardPass
  ) -> (hidden: Tensor, logits: Tensor) {
    let (batchSize, width) = (tokens.batchSize, vocabularySize)
    let memory = order - 1
    // The last N − 1 tokens of each row, and what is read behind them.
    var texts = state.tokens.array.map { TokenID($0) }  // [B, N − 1]
    let logits = Tensor(unsafeUninitialized: [tokens.timeLength, batchSize, width]) { buffer in
      for (index, token) in tokens.tokens.enumerated() {
        let row = index % batchSize
        let first = row * memory
        for place in first..<first + memory - 1 { texts[place] = texts[place + 1] }
        texts[first + memory - 1] = token
        let result = buffer.extracting(index * width..<(index + 1) * width)
        writeProbabilities(behind: texts[first..<first + memory], to: result)
        for place in 0..<width { result[place] = log(result[place]) }
      }
    }
    state = NGramState(
      tokens: Tensor(texts.map { Float($0) }, shape: [batchSize, memory]))
    return (logits, logits)
  }

  /// Writes the probability of every token behind a context, [V].
  private func writeProbabilities(
    behind context: ArraySlice<TokenID>, to result: UnsafeMutableBufferPointer<Float>
  ) {
    _ = result.update(fromContentsOf: levels[0].probabilities)
    for length in 1...context.count {
      let begin = context.endIndex - length
      guard context[begin] >= 0, let node = place(of: context[begin...]) else { return }
      let level = levels[length - 1]
      let children = level.children(of: node)
      // What never went on does not go on with more tokens before it.
      guard !children.isEmpty else { return }
      let backoff = level.backoffs[node]
      for place in result.indices { result[place] *= backoff }
      let next = levels[length]
      for child in children { result[Int(next.tokens[child])] = next.probabilities[child] }
      if context[begin] == Vocabulary.boundary { return }
    }
  }

  /// The place of an n-gram among those of its length; nil where the text has it not.
  private func place(of tokens: ArraySlice<TokenID>) -> Int? {
    var node = Int(tokens[tokens.startIndex])
    for (index, token) in tokens.dropFirst().enumerated() {
      let children = levels[index].children(of: node)
      guard let child = levels[index + 1].place(of: token, in: children) else { return nil }
      node = child
    }
    return node
  }
}

extension NGramModel: CustomStringConvertible {
  /// One line for each length of n-grams, with how many there are.
  public var description: String {
    let counts = ngramCounts.map { Numbers.grouped($0) }
    let width = counts.map(\.count).max() ?? 0
    return counts.enumerated().map { index, count in
      let label = "\(index + 1)-grams"
      return label + String(repeating: " ", count: 10 - label.count + width - count.count) + count
    }.joined(separator: "\n")
  }
}
