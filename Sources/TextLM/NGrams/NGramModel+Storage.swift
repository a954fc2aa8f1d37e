/// The tensors of an n-gram model in a model file.
///
/// For each length k from 1 to N, with n_k n-grams sorted by their tokens: `level.k.tokens`, the
/// last token of each, int32 [n_k], but for k = 1, where n-gram i is token i;
/// `level.k.probabilities`, float32 [n_k]; and but for k = N, `level.k.children`, where each one's
/// begin in the next level, int32 [n_k + 1], and `level.k.backoffs`, float32 [n_k]. `NGramLevel`
/// says what they mean.
extension NGramModel {
  /// What is written.
  var safetensorsEntries: [SafetensorsEntry] {
    levels.enumerated().flatMap { index, level -> [SafetensorsEntry] in
      let (name, size) = ("level.\(index + 1).", level.tokens.count)
      var entries = [
        SafetensorsEntry(
          name: name + "probabilities", shape: [size], floats: level.probabilities)
      ]
      if index > 0 {
        entries.append(
          SafetensorsEntry(name: name + "tokens", shape: [size], int32s: level.tokens))
      }
      if index < order - 1 {
        entries.append(
          SafetensorsEntry(name: name + "children", shape: [size + 1], int32s: level.children))
        entries.append(
          SafetensorsEntry(name: name + "backoffs", shape: [size], floats: level.backoffs))
      }
      return entries
    }
  }

  /// Reads a model, and checks that its numbers can be those of one, whatever they come from.
  ///
  /// Throws `SafetensorsError` for tensors that are missing or of another shape, and
  /// `NGramError.damaged`.
  init(_ file: SafetensorsFile, order: Int, vocabularySize: Int) throws {
    guard vocabularySize <= Self.largestVocabularySize else {
      throw NGramError.damaged(
        problem: "a vocabulary of \(vocabularySize) tokens is larger than an n-gram model's")
    }
    var levels: [NGramLevel] = []
    var size = vocabularySize
    for index in 0..<order {
      let name = "level.\(index + 1)."
      var level = NGramLevel()
      level.tokens =
        index == 0
        ? (0..<TokenID(vocabularySize)).map { $0 } : try file.int32s(name + "tokens", shape: [size])
      level.probabilities = try file.floats(name + "probabilities", shape: [size])
      guard level.probabilities.allSatisfy({ $0 > 0 && $0 <= 1.0001 }) else {
        throw NGramError.damaged(problem: "\(name)probabilities has a number that is none")
      }
      if index < order - 1 {
        level.children = try file.int32s(name + "children", shape: [size + 1])
        level.backoffs = try file.floats(name + "backoffs", shape: [size])
        guard level.backoffs.allSatisfy({ $0 > 0 && $0 <= 1.0001 }) else {
          throw NGramError.damaged(problem: "\(name)backoffs has a number that is no weight")
        }
      }
      if let shorter = levels.last {
        try Self.check(level.tokens, below: shorter, vocabularySize: vocabularySize, name)
      }
      if index < order - 1 {
        size = try file.info("level.\(index + 2).tokens").shape.first ?? 0
        try Self.check(level.children, end: size, name)
      }
      levels.append(level)
    }
    self.init(levels: levels)
  }

  private static func check(_ children: [Int32], end: Int, _ name: String) throws(NGramError) {
    let ascends = zip(children, children.dropFirst()).allSatisfy { $0 <= $1 }
    guard ascends, children.first == 0, children.last.map(Int.init) == end else {
      throw .damaged(problem: "\(name)children do not divide the \(end) longer n-grams")
    }
  }

  private static func check(
    _ tokens: [TokenID], below shorter: NGramLevel, vocabularySize: Int, _ name: String
  ) throws(NGramError) {
    for node in shorter.tokens.indices {
      let children = shorter.children(of: node)
      guard let first = children.first, let last = children.last else { continue }
      let ascends = children.dropFirst().allSatisfy { tokens[$0 - 1] < tokens[$0] }
      guard ascends, tokens[first] >= 0, Int(tokens[last]) < vocabularySize else {
        throw .damaged(problem: "\(name)tokens are not in order or not in the vocabulary")
      }
    }
  }
}
