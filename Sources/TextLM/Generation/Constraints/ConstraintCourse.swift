/// Where a text is among what constrains it.
enum ConstraintCourse: Sendable {
  /// Nothing does.
  case free
  /// Constraints do, and the text is in a state of theirs.
  case automaton(TokenAutomaton, state: Int32)
  /// A grammar does.
  case grammar(GrammarCourse)

  /// Before the first character of a text by rules.
  init(_ rules: WritingRules) {
    if let automaton = rules.constraints {
      self = .automaton(automaton, state: automaton.start)
    } else if let grammar = rules.grammar {
      self = .grammar(GrammarCourse(grammar))
    } else {
      self = .free
    }
  }

  /// Whether the text satisfies all as it is.
  var mayEnd: Bool {
    switch self {
    case .free: true
    case .automaton(let automaton, let state): automaton.mayEnd(in: state)
    case .grammar(let course): course.mayEnd
    }
  }

  /// Whether there is anything to satisfy.
  var isFree: Bool {
    if case .free = self { true } else { false }
  }

  /// Excludes all tokens that may not follow, if `remainingCount` more may be written; the end of the
  /// document stays where the text may end.
  ///
  /// Returns whether any token of text is left. If not, the text may end.
  func mask(_ logits: inout [Float], remainingCount: Int?) -> Bool {
    switch self {
    case .free: true
    case .automaton(let automaton, let state):
      automaton.mask(&logits, in: state, remainingCount: remainingCount)
    case .grammar(let course): course.mask(&logits, remainingCount: remainingCount)
    }
  }

  /// Adds a token that may follow.
  mutating func append(_ token: TokenID) {
    switch self {
    case .free: return
    case .automaton(let automaton, let state):
      self = .automaton(automaton, state: automaton.next(state, token))
    case .grammar(var course):
      // Without a second owner its arrays are not copied.
      self = .free
      course.append(token)
      self = .grammar(course)
    }
  }
}
