/// Where a text is among what constrains it.
enum ConstraintCourse: Sendable {
  /// Nothing does.
  case free
  /// Constraints do, with a least length or without, and the text is in a state of theirs.
  case automaton(TokenAutomaton, LengthReach?, state: Int32)
  /// A grammar does.
  case grammar(GrammarCourse)

  /// Before the first character of a text by rules.
  init(_ rules: WritingRules) {
    if let automaton = rules.constraints {
      self = .automaton(automaton, rules.lengthReach, state: automaton.start)
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
    case .automaton(let automaton, _, let state): automaton.mayEnd(in: state)
    case .grammar(let course): course.mayEnd
    }
  }

  /// Whether there is anything to satisfy.
  var isFree: Bool {
    if case .free = self { true } else { false }
  }

  /// Excludes all tokens that may not follow `drawnCount` ones, if `remainingCount` more may be written;
  /// the end of the document stays where the text may end.
  ///
  /// Returns whether any token of text is left. If not, the text may end.
  func mask(_ logits: inout [Float], drawnCount: Int, remainingCount: Int?) -> Bool {
    switch self {
    case .free: return true
    case .automaton(let automaton, let reach, let state):
      guard let reach, drawnCount < reach.minimumCount else {
        return automaton.mask(&logits, in: state, remainingCount: remainingCount)
      }
      let missingCount = reach.minimumCount - drawnCount - 1
      return automaton.maskEarly(&logits, in: state) {
        reach.allows($0, missingCount: missingCount)
      }
    case .grammar(let course):
      return course.mask(&logits, remainingCount: remainingCount)
    }
  }

  /// Adds a token that may follow `drawnCount` ones.
  mutating func append(_ token: TokenID, drawnCount: Int) {
    switch self {
    case .free: return
    case .automaton(let automaton, let reach, let state):
      let isEarly = reach.map { drawnCount < $0.minimumCount } ?? false
      self = .automaton(
        automaton, reach, state: automaton.next(state, token, isEarly: isEarly))
    case .grammar(var course):
      // Without a second owner its arrays are not copied.
      self = .free
      course.append(token)
      self = .grammar(course)
    }
  }
}
