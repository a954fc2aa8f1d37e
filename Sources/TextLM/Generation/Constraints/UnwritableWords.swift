/// The words of a list that the characters of a vocabulary do not spell.
package struct UnwritableWords: Sendable, Equatable, CustomStringConvertible {
  /// Where the list is from.
  package let source: String
  /// How many words it has.
  package let wordCount: Int
  /// How many of them cannot be written, at least one.
  package let count: Int
  /// The characters that are lacking, each once, in their order.
  package let lacking: [Unicode.Scalar]

  /// Characters that are named.
  private static let namedCount = 4

  package init(source: String, wordCount: Int, count: Int, lacking: [Unicode.Scalar]) {
    self.source = source
    self.wordCount = wordCount
    self.count = count
    self.lacking = lacking
  }

  /// Whether none of the words can be written.
  package var areAll: Bool { count == wordCount }

  /// How many words cannot be written, and the first characters that are lacking.
  package var description: String {
    let number = "\(Numbers.grouped(count)) of \(Numbers.grouped(wordCount)) words"
    let characters = lacking.prefix(Self.namedCount).map { "'\($0)'" }.joined(separator: ", ")
    let more = lacking.count > Self.namedCount ? ", ..." : ""
    return TerminalText.visible(
      "\(number) of \(source) cannot be written: the model lacks \(characters)\(more)")
  }
}

extension TextConstraint {
  /// The words of a list that cannot be written in any of their forms; nil where there are none, and for
  /// what is no list.
  package func unwritableWords(_ tokenizer: Tokenizer) -> UnwritableWords? {
    guard case .words(let words, let source) = self else { return nil }
    let characters = WritableCharacters(tokenizer.vocabulary)
    var (wordCount, unwritable) = (0, [String]())
    for word in words {
      let forms = Self.forms(of: word, tokenizer.preparation).filter { !$0.bytes.isEmpty }
      guard let first = forms.first else { continue }
      wordCount += 1
      if !forms.contains(where: { characters.hasAll(of: $0) }) { unwritable.append(first.string) }
    }
    guard !unwritable.isEmpty else { return nil }
    return UnwritableWords(
      source: source, wordCount: wordCount, count: unwritable.count,
      lacking: characters.lacking(in: unwritable.joined()))
  }
}
