/// Reads the notation of `Grammar`.
struct GrammarReader {
  /// The greatest number of repetitions.
  static let repetitionLimit = 1000
  /// Groups within groups.
  static let depthLimit = 200

  /// The rules, in the order in which they were first spoken of.
  private(set) var rules: [Grammar.Rule] = []
  /// The sets of characters.
  private(set) var sets: [ScalarRanges] = []

  private let source: String
  private let scalars: [Unicode.Scalar]
  private var offset = 0
  private var line = 1
  /// Where the line begins.
  private var lineStart = 0
  /// Where the groups that are open begin.
  private var openings: [(line: Int, column: Int)] = []
  /// The numbers of named rules and of sets, and where rules are first used.
  private var numbers: [String: Int] = [:]
  private var setNumbers: [[ClosedRange<UInt32>]: Int] = [:]
  private var firstUses: [Int: Int] = [:]
  /// The rule that is being read.
  private var owner = ""

  init(_ text: String, source: String) {
    self.source = source
    scalars = Array(text.unicodeScalars)
  }

  /// Reads all of it.
  mutating func read() throws(GrammarError) {
    skipSpace(acrossLines: true)
    while next != nil {
      try readRule()
      skipSpace(acrossLines: true)
    }
    for (number, rule) in rules.enumerated() where rule.line == nil {
      throw .undefined(source: source, line: firstUses[number] ?? 1, rule: rule.name)
    }
  }

  private var next: Unicode.Scalar? { offset < scalars.count ? scalars[offset] : nil }

  /// The place of the next character on its line, from 1.
  private var column: Int { offset - lineStart + 1 }

  private func error(_ problem: String) -> GrammarError {
    .unreadable(source: source, line: line, column: column, problem: problem)
  }

  /// A group that was begun and does not end: where it began is what has to be looked at.
  private func unclosed(_ opening: (line: Int, column: Int)) -> GrammarError {
    .unreadable(
      source: source, line: opening.line, column: opening.column, problem: "a ( without its )")
  }

  private mutating func advance() {
    let isLineEnd = next == "\n"
    offset += 1
    guard isLineEnd else { return }
    line += 1
    lineStart = offset
  }

  /// Whether the next character is one, which is then read.
  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard next == scalar else { return false }
    advance()
    return true
  }

  /// Passes over white space and comments.
  private mutating func skipSpace(acrossLines: Bool) {
    while let scalar = next {
      switch scalar {
      case " ", "\t", "\r": advance()
      case "\n" where acrossLines: advance()
      case "#": while let scalar = next, scalar != "\n" { advance() }
      default: return
      }
    }
  }

  private mutating func readRule() throws(GrammarError) {
    let name = try readName()
    let ruleLine = line
    skipSpace(acrossLines: false)
    guard take(":"), take(":"), take("=") else {
      throw error("expected ::= behind the name of the rule \(TerminalText.excerpt(of: name))")
    }
    let number = number(of: name)
    if let firstLine = rules[number].line {
      throw .repeated(source: source, line: ruleLine, rule: name, firstLine: firstLine)
    }
    rules[number].line = ruleLine
    owner = name
    skipSpace(acrossLines: true)
    rules[number].alternatives = try readAlternatives()
    switch next {
    case nil, "\n": return
    case ")": throw error("a ) without its (")
    case let scalar?: throw error("'\(scalar)' means nothing here")
    }
  }

  private mutating func readName() throws(GrammarError) -> String {
    var name = String.UnicodeScalarView()
    while let scalar = next, Self.isInName(scalar) {
      name.append(scalar)
      advance()
    }
    guard name.isEmpty else { return String(name) }
    throw error(
      "expected the name of a rule, of letters, digits and -; an alternative on a line of its own "
        + "needs the | at the end of the line before it")
  }

  private static func isInName(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "-": true
    default: false
    }
  }

  private mutating func number(of name: String) -> Int {
    if let number = numbers[name] { return number }
    numbers[name] = rules.count
    rules.append(Grammar.Rule(name: name, line: nil))
    return rules.count - 1
  }

  /// A rule for a part of the present one.
  private mutating func part(_ alternatives: [[Grammar.Symbol]]) -> Grammar.Symbol {
    rules.append(Grammar.Rule(name: owner, line: line, alternatives: alternatives))
    return Grammar.Symbol(kind: .rule(rules.count - 1), line: line)
  }

  private mutating func readAlternatives() throws(GrammarError) -> [[Grammar.Symbol]] {
    var alternatives = [try readSequence()]
    while take("|") {
      skipSpace(acrossLines: true)
      alternatives.append(try readSequence())
    }
    return alternatives
  }

  private mutating func readSequence() throws(GrammarError) -> [Grammar.Symbol] {
    var symbols: [Grammar.Symbol] = []
    while let scalar = next, scalar != "|", scalar != ")", scalar != "\n" {
      let item = try readItem(scalar)
      symbols += try readRepetition(of: item)
      skipSpace(acrossLines: !openings.isEmpty)
    }
    return symbols
  }

  private mutating func readItem(
    _ scalar: Unicode.Scalar
  ) throws(GrammarError) -> [Grammar.Symbol] {
    switch scalar {
    case "\"":
      return try readLiteral()
    case "[":
      return [try readSet()]
    case ".":
      advance()
      return [symbol(.all)]
    case "(":
      openings.append((line, column))
      guard openings.count <= Self.depthLimit else {
        throw error("more than \(Self.depthLimit) groups within each other")
      }
      advance()
      skipSpace(acrossLines: true)
      let alternatives = try readAlternatives()
      let opening = openings.removeLast()
      guard take(")") else { throw unclosed(opening) }
      return [part(alternatives)]
    case "*", "+", "?", "{":
      throw error("\(scalar) repeats what stands in front of it, and there is nothing")
    default:
      guard Self.isInName(scalar) else {
        // The next rule stands within the group.
        if scalar == ":", let opening = openings.last { throw unclosed(opening) }
        throw error("'\(scalar)' means nothing here")
      }
      let name = try readName()
      let number = number(of: name)
      if firstUses[number] == nil { firstUses[number] = line }
      return [Grammar.Symbol(kind: .rule(number), line: line)]
    }
  }

  private mutating func symbol(_ set: ScalarRanges) -> Grammar.Symbol {
    let number = setNumbers[set.ranges] ?? sets.count
    if number == sets.count {
      setNumbers[set.ranges] = number
      sets.append(set)
    }
    return Grammar.Symbol(kind: .scalar(number), line: line)
  }
}

/// Repetitions.
extension GrammarReader {
  private mutating func readRepetition(
    of item: [Grammar.Symbol]
  ) throws(GrammarError) -> [Grammar.Symbol] {
    var item = item
    while true {
      skipSpace(acrossLines: !openings.isEmpty)
      if take("*") {
        item = repeated(item, from: 0, to: nil)
      } else if take("+") {
        item = repeated(item, from: 1, to: nil)
      } else if take("?") {
        item = repeated(item, from: 0, to: 1)
      } else if take("{") {
        let from = try readNumber()
        var to: Int? = from
        if take(",") { to = next == "}" ? nil : try readNumber() }
        guard take("}") else { throw error("expected } or a number") }
        if let to, to < from { throw error("{\(from),\(to)} counts down") }
        item = repeated(item, from: from, to: to)
      } else {
        return item
      }
    }
  }

  private mutating func readNumber() throws(GrammarError) -> Int {
    var number: Int?
    while let scalar = next, "0"..."9" ~= scalar {
      number = 10 * (number ?? 0) + Int(scalar.value - 0x30)
      if let number, number > Self.repetitionLimit {
        throw error("more than \(Self.repetitionLimit) repetitions")
      }
      advance()
    }
    guard let number else { throw error("expected a number of repetitions") }
    return number
  }

  private mutating func repeated(
    _ item: [Grammar.Symbol], from: Int, to: Int?
  ) -> [Grammar.Symbol] {
    if item.isEmpty { return [] }
    let unit = item.count == 1 ? item[0] : part([item])
    var symbols = [Grammar.Symbol](repeating: unit, count: from)
    guard let to else {
      // On the left: the work of a step does not grow with the repetitions before it.
      let loop = Grammar.Symbol(kind: .rule(rules.count), line: line)
      symbols.append(part([[], [loop, unit]]))
      return symbols
    }
    var rest: [Grammar.Symbol] = []
    for _ in from..<to { rest = [part([[], [unit] + rest])] }
    return symbols + rest
  }
}

/// Characters.
extension GrammarReader {
  private mutating func readLiteral() throws(GrammarError) -> [Grammar.Symbol] {
    advance()
    var symbols: [Grammar.Symbol] = []
    while !take("\"") {
      let value = try readCharacter(end: "\"")
      symbols.append(symbol(ScalarRanges([value...value])))
    }
    return symbols
  }

  private mutating func readSet() throws(GrammarError) -> Grammar.Symbol {
    advance()
    let isInverted = take("^")
    var ranges: [ClosedRange<UInt32>] = []
    while !take("]") {
      let first = try readCharacter(end: "]")
      // A - in front of the ] is itself.
      guard next == "-", offset + 1 < scalars.count, scalars[offset + 1] != "]" else {
        ranges.append(first...first)
        continue
      }
      advance()
      let last = try readCharacter(end: "]")
      guard first <= last else { throw error("a range of characters that counts down") }
      ranges.append(first...last)
    }
    let set = ScalarRanges(ranges)
    return symbol(isInverted ? set.inverted : set)
  }

  /// One character of a literal or a set, which may be escaped.
  private mutating func readCharacter(end: Unicode.Scalar) throws(GrammarError) -> UInt32 {
    guard let scalar = next, scalar != "\n" else {
      throw error("the line ends, but a \(end) is missing")
    }
    advance()
    guard scalar == "\\" else { return scalar.value }
    guard let escaped = next else { throw error("nothing is behind the \\") }
    switch escaped {
    case "n", "r", "t":
      advance()
      return escaped == "n" ? 0x0A : escaped == "r" ? 0x0D : 0x09
    case "x": return try readDigits(2)
    case "u": return try readDigits(4)
    case "U": return try readDigits(8)
    case "\"", "[", "]", "\\", "-", "^":
      advance()
      return escaped.value
    default: throw error("\\\(escaped) means nothing here")
    }
  }

  private mutating func readDigits(_ count: Int) throws(GrammarError) -> UInt32 {
    let letter = scalars[offset]
    let digits = scalars[(offset + 1)...].prefix(count)
    var text = String.UnicodeScalarView()
    text.append(contentsOf: digits)
    guard digits.count == count, digits.allSatisfy(\.properties.isASCIIHexDigit),
      let value = UInt32(String(text), radix: 16), Unicode.Scalar(value) != nil
    else {
      throw error("\\\(letter) takes the \(count) hexadecimal digits of a character")
    }
    offset += 1 + count
    return value
  }
}
