/// A grammar that cannot be followed.
public enum GrammarError: Error, Equatable {
  /// A line that cannot be read from one of its characters on; both count from 1.
  case unreadable(source: String, line: Int, column: Int, problem: String)
  /// A rule that is used on a line and defined nowhere.
  case undefined(source: String, line: Int, rule: String)
  /// A rule that is defined on two lines.
  case repeated(source: String, line: Int, rule: String, firstLine: Int)
  /// No rule to begin with.
  case noRoot(source: String)
  /// A rule that no text can come of.
  case unproductive(source: String, line: Int, rule: String)
  /// A rule without which there is no text, of characters that the model cannot write.
  case lacking(source: String, line: Int, rule: String, characters: String)
  /// Only the empty text is left.
  case empty(source: String)
}

extension GrammarError: CustomStringConvertible {
  /// What is wrong, and what to do about it.
  public var description: String {
    switch self {
    case .unreadable(let source, let line, let column, let problem):
      "\(source), line \(line), character \(column): \(TerminalText.visible(problem))"
    case .undefined(let source, let line, let rule):
      "\(source), line \(line): there is no rule \(Self.shown(rule)): define it, or correct its name"
    case .repeated(let source, let line, let rule, let firstLine):
      "\(source), line \(line): \(Self.shown(rule)) is defined on line \(firstLine) already: join "
        + "both with |"
    case .noRoot(let source):
      "\(source): there is no rule root, with which the text begins: define root ::= ..."
    case .unproductive(let source, let line, let rule):
      "\(source), line \(line): no text can come of \(Self.shown(rule)), whose alternatives all lead "
        + "back to it or to no character: give it an alternative that ends"
    case .lacking(let source, let line, let rule, let characters):
      "\(source), line \(line): \(Self.shown(rule)) needs \(TerminalText.visible(characters)), which "
        + "the model cannot write; see which characters it has with `textlm vocab MODEL`"
    case .empty(let source):
      "\(source): only the empty text follows the grammar with the model's characters"
    }
  }

  private static func shown(_ rule: String) -> String { TerminalText.excerpt(of: rule) }
}
