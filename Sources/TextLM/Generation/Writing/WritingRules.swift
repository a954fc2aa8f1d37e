/// When a text ends, and what is told about its tokens.
public struct WritingRules: Sendable {
  /// Without an end but the model's own, and without details.
  public static let none = WritingRules()

  /// The most tokens to write; nil for no bound.
  public let maximumCount: Int?
  /// The fewest: before them neither the model nor a stop text nor a part ends the text, and of what
  /// constraints allow there is only what gets so long.
  public let minimumCount: Int
  /// Texts in front of which the text ends; they are not written. With constraints they come only where
  /// these are satisfied.
  public let stops: [String]
  /// A part with whose end the text ends, the first at which constraints are satisfied; nil for none.
  public let until: TextPart?
  /// The likeliest tokens to tell at each place; 0 for none, and then without ranks.
  public let alternativeCount: Int
  /// What the text must be like; nil for anything.
  public let constraints: TokenAutomaton?
  /// The grammar that the text follows; nil for none.
  public let grammar: TokenGrammar?
  /// How much may be copied from another text; nil for any amount.
  public let copyLimit: CopyLimit?
  /// How constraints get as long as they must; nil without constraints or a least length.
  let lengthReach: LengthReach?

  private init() {
    (maximumCount, minimumCount, stops, until, alternativeCount) = (nil, 0, [], nil, 0)
    (constraints, grammar, copyLimit, lengthReach) = (nil, nil, nil, nil)
  }

  /// Takes all of them.
  ///
  /// Throws `SamplingError` for counts below 0, for a least count above the greatest, for an empty stop
  /// text, for constraints together with a grammar, for those that were compiled for other stop texts or of
  /// which no text has the least count, and for a grammar together with a least count or stop texts.
  public init(
    maximumCount: Int? = nil, minimumCount: Int = 0, stops: [String] = [],
    until: TextPart? = nil, alternativeCount: Int = 0, constraints: TokenAutomaton? = nil,
    grammar: TokenGrammar? = nil, copyLimit: CopyLimit? = nil
  ) throws(SamplingError) {
    let counts = [
      ("max-tokens", maximumCount ?? 0), ("min-tokens", minimumCount),
      ("alternatives", alternativeCount),
    ]
    for (name, count) in counts where count < 0 {
      throw .outOfRange(name: name, value: "\(count)", allowed: "0 or more")
    }
    if let maximumCount, minimumCount > maximumCount {
      throw .contradiction(
        first: "max-tokens \(maximumCount)", second: "min-tokens \(minimumCount)",
        reason: "the text would have to be longer than it may be")
    }
    if stops.contains(where: \.utf8.isEmpty) {
      throw .outOfRange(name: "stop", value: "empty", allowed: "a text of one character or more")
    }
    if let constraints, grammar != nil {
      throw .contradiction(
        first: TokenGrammar.name, second: constraints.names.joined(separator: " and "),
        reason: "what both allow may be nothing, which cannot be told; put it into the grammar")
    }
    if let constraints,
      !constraints.stops.map({ Array($0.utf8) }).elementsEqual(
        stops.map { Array($0.utf8) })
    {
      throw .contradiction(
        first: "stop", second: constraints.names.joined(separator: " and "),
        reason: "the constraints were compiled for other stop texts; give them the same")
    }
    if grammar != nil { try Self.checkGrammar(minimumCount: minimumCount, stops: stops) }
    // What is too long in any case is told by `check`.
    if let constraints, minimumCount > 0, constraints.shortestLength <= maximumCount ?? .max {
      lengthReach = try LengthReach(
        constraints, minimumCount: minimumCount, maximumCount: maximumCount)
    } else {
      lengthReach = nil
    }
    self.maximumCount = maximumCount
    self.minimumCount = minimumCount
    self.stops = stops
    self.until = until
    self.alternativeCount = alternativeCount
    self.constraints = constraints
    self.grammar = grammar
    self.copyLimit = copyLimit
  }

  /// Refuses wishes of which nobody can tell whether a grammar leaves room for them.
  private static func checkGrammar(minimumCount: Int, stops: [String]) throws(SamplingError) {
    if minimumCount > 0 {
      throw .contradiction(
        first: TokenGrammar.name, second: "--min-tokens",
        reason: "the grammar says how long texts are; put it there, as in [a-z]{20,}")
    }
    if !stops.isEmpty {
      throw .contradiction(
        first: TokenGrammar.name, second: "--stop",
        reason: "the grammar says where texts end; put it there")
    }
  }

  /// Whether something in the text ends it.
  var watchesText: Bool { !stops.isEmpty || (until != nil && until != .document) }

  /// Checks the rules for a model of a direction.
  ///
  /// Throws `SamplingError` and `ConstraintError` for what a model cannot follow that writes from the
  /// end of a text, and for constraints that need more tokens than there may be.
  func check(_ direction: ReadingDirection) throws {
    if direction == .backward, watchesText {
      throw SamplingError.contradiction(
        first: stops.isEmpty ? "until" : "stop", second: "a backward model",
        reason: "it writes from the end to the beginning; use a forward one")
    }
    let names = constraints?.names ?? (grammar == nil ? [] : [TokenGrammar.name])
    if direction == .backward, let name = names.first { throw ConstraintError.backward(name: name) }
    let needed = constraints?.shortestLength ?? grammar?.shortestLength ?? 0
    if let maximumCount, needed > maximumCount {
      throw ConstraintError.tooShort(names: names, needed: needed, allowed: maximumCount)
    }
  }
}
