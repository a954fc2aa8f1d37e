/// A constraint that cannot be followed.
public enum ConstraintError: Error, Equatable {
  /// A regular expression that cannot be read from its character `offset` on, which counts from 0.
  case pattern(text: String, offset: Int, problem: String)
  /// The pattern takes more states than there is room for.
  case tooLarge(states: Int)
  /// The file of words has none.
  case noWords(source: String)
  /// A constraint that no text satisfies, or only the empty one.
  case unsatisfiable(name: String, reason: String)
  /// A constraint that no text of the model's characters satisfies.
  case lacking(name: String, reason: String)
  /// Constraints that no text satisfies together.
  case exclusive(names: [String])
  /// The shortest text that satisfies the constraints is longer than it may be.
  case tooShort(names: [String], needed: Int, allowed: Int)
  /// A backward model.
  case backward(name: String)
}

extension ConstraintError: CustomStringConvertible {
  /// What is wrong, and what to do about it.
  public var description: String {
    switch self {
    case .pattern(let text, let offset, let problem):
      "the regular expression \"\(Self.shown(text, around: offset))\" cannot be read at character "
        + "\(offset + 1): \(problem)"
    case .tooLarge(let states):
      "the constraint takes more than \(states) states: use fewer words or smaller numbers of "
        + "repetitions"
    case .noWords(let source):
      "\(source): there are no words in it: put one on each line"
    case .unsatisfiable(let name, let reason):
      "\(name) cannot be satisfied: \(reason)"
    case .lacking(let name, let reason):
      "\(name) cannot be satisfied: \(reason); see which characters the model has with "
        + "`textlm vocab MODEL`"
    case .exclusive(let names):
      "\(names.joined(separator: " and ")) cannot be satisfied together: leave one of them away"
    case .tooShort(let names, let needed, let allowed):
      "\(names.joined(separator: " and ")) needs at least \(needed) tokens, but -n allows "
        + "\(allowed): give a greater -n"
    case .backward(let name):
      "\(name) needs a model that reads forward: this one writes from the end to the beginning"
    }
  }

  private static func shown(_ text: String, around offset: Int) -> String {
    TerminalText.visible(TerminalText.excerpt(of: text, around: offset))
  }
}
