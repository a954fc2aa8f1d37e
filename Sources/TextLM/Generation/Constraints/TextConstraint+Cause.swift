/// Why nothing can be written under a constraint alone.
extension TextConstraint {
  /// What is wrong with one that no text but the empty one satisfies, whatever the model.
  var emptyError: ConstraintError {
    let reason =
      switch self {
      case .only: "its set is empty; put the characters into it that may be written"
      case .without: "its set has every character; take those out of it that may be written"
      case .regex(let text) where text.isEmpty:
        "its pattern is empty, which allows only the empty text; give one, or leave it away"
      case .regex: "its pattern allows only the empty text; give one that matches a character"
      case .words, .including: "only the empty text does"
      }
    return .unsatisfiable(name: name, reason: reason)
  }

  /// What is wrong with one that texts of other characters than a tokenizer's satisfy.
  func lackingError(_ tokenizer: Tokenizer) throws -> ConstraintError {
    let reason =
      switch self {
      case .only: "the model's vocabulary has no character of its set"
      case .without: "its set has all characters of the model's vocabulary"
      case .words(_, let source):
        "no word of \(source), and nothing that may stand between words, is of the model's characters"
      case .regex, .including: try lackingCharacters(tokenizer)
      }
    return .lacking(name: name, reason: reason)
  }

  private func lackingCharacters(_ tokenizer: Tokenizer) throws -> String {
    let pattern = try pattern(tokenizer.preparation)
    let characters = WritableCharacters(tokenizer.vocabulary)
    let needed = characters.lacking(in: pattern, areNeeded: true)
    if !needed.isEmpty { return "the model lacks characters that it needs: " + Self.list(needed) }
    let all = characters.lacking(in: pattern, areNeeded: false)
    return all.isEmpty
      ? "the model's units do not make up a text that it allows"
      : "without characters that the model lacks it allows only the empty text: " + Self.list(all)
  }

  private static func list(_ sets: [ScalarRanges]) -> String {
    TerminalText.visible(sets.prefix(8).map(\.summary).joined(separator: ", "))
      + (sets.count > 8 ? ", ..." : "")
  }
}
