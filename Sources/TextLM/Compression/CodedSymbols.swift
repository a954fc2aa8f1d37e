/// Any bytes as a model reads them: tokens, and what stands for it where one is unknown.
package struct CodedSymbols: Equatable {
  /// The tokens in the order of reading.
  package var tokens: [TokenID] = []
  /// For each place of an unknown token what is there.
  package var literals: [Int: Literal] = [:]

  /// The same from the other end, if the direction is backward.
  package func ordered(_ direction: ReadingDirection) -> CodedSymbols {
    guard direction == .backward else { return self }
    var turned = CodedSymbols(tokens: tokens.reversed())
    for (place, literal) in literals { turned.literals[tokens.count - 1 - place] = literal }
    return turned
  }

  /// Adds a literal, which the model reads as one unknown token.
  package mutating func append(_ literal: Literal) {
    literals[tokens.count] = literal
    tokens.append(Vocabulary.unknown)
  }
}
