/// When a text ends, and what is told about its tokens.
public struct WritingRules: Sendable {
  /// Without an end but the model's own, and without details.
  public static let none = WritingRules()

  /// The most tokens to write; nil for no bound.
  public let maximumCount: Int?
  /// The fewest: before them neither the model nor a stop text nor a part ends the text. What the
  /// constraints end is shorter.
  public let minimumCount: Int
  /// Texts in front of which the text ends; they are not written.
  public let stops: [String]
  /// A part with whose end the text ends; nil for none.
  public let until: TextPart?
  /// The likeliest tokens to tell at each place; 0 for none, and then without ranks.
  public let alternativeCount: Int
  /// What the text must be like; nil for anything.
  public let constraints: TokenAutomaton?
  /// The grammar that the text follows; nil for none.
  public let grammar: TokenGrammar?
  /// How much may be copied from another text; nil for any amount.
  public let copyLimit: CopyLimit?

  private init() {
    (maximumCount, minimumCount, stops, until, alternativeCount) = (nil, 0, [], nil, 0)
    (constraints, grammar, copyLimit) = (nil, nil, nil)
  }

  /// Takes all of them.
  ///
  /// Throws `SamplingError` for counts below 0, for a least count above the greatest, for an empty stop
  /// text, and for constraints together with a grammar.
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
    self.maximumCount = maximumCount
    self.minimumCount = minimumCount
    self.stops = stops
    self.until = until
    self.alternativeCount = alternativeCount
    self.constraints = constraints
    self.grammar = grammar
    self.copyLimit = copyLimit
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
