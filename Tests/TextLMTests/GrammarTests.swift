import Foundation
import TextLM
import TextLMTestSupport
import Testing

@Suite("Writing by a grammar")
struct GrammarTests {
  /// JSON without exponents and with few letters.
  private static let json = """
    # What a whole text is.
    root   ::= object
    value  ::= object | array | string | number | ("true" | "false" | "null")
    object ::= "{" (
        member ("," member)*   # several
      )? "}"
    member ::= string ":" value
    array  ::= "[" (value ("," value)*)? "]"
    string ::= "\\"" char{0,5} "\\""
    char   ::= [^"\\\\\\x00-\\x1F] | "\\\\" ["\\\\nt]
    number ::= "-"? ("0" | [1-9] [0-9]{0,3}) ("." [0-9]+)?
    """

  /// A model of a few characters that thinks all of them possible.
  private static func model(
    of characters: String, unit: String = "codepoint", maximumUnitCount: Int? = nil
  ) throws -> TextModel {
    let folder = try StorageTestFolder()
    var settings = try SmallRuns.settings(size: 8, steps: 2)
    settings.data.segmenter = try SegmenterRegistry.builtIn.segmenter(named: unit, locale: "")
    settings.data.vocabulary.maximumUnitCount = maximumUnitCount
    let corpus = try SmallTexts.file(String(repeating: characters, count: 1600 / characters.count))
    try SmallRuns.train(settings, in: folder.path("run"), corpus: [corpus])
    return try TextModel(contentsOf: folder.path("run"))
  }

  private static func grammar(_ text: String, _ model: TextModel) throws -> TokenGrammar {
    try TokenGrammar(Grammar(text, source: "g.gbnf"), vocabulary: model.tokenizer.vocabulary)
  }

  private func texts(
    _ count: Int, _ grammar: String, of model: TextModel, length: Int = 40,
    temperature: Double = 50
  ) throws -> [(text: String, reason: FinishReason?)] {
    let rules = try WritingRules(maximumCount: length, grammar: Self.grammar(grammar, model))
    var found: [(String, FinishReason?)] = []
    for first in stride(from: 0, to: count, by: 500) {
      let size = min(500, count - first)
      var batch = try model.generateBatch(
        of: size, sampling: [try Temperature(temperature)], rules: rules, seed: 1 + UInt64(first))
      var tokens = [[TokenID]](repeating: [], count: size)
      while let steps = batch.nextSteps() {
        for (index, new) in steps.enumerated() { tokens[index] += new.map(\.token) }
      }
      found += zip(tokens, batch.finishReasons).map { (model.tokenizer.decode($0), $1) }
    }
    return found
  }

  @Test(
    "200 texts of a grammar of JSON are JSON, however short they must be", arguments: [2, 7, 60])
  func json(length: Int) throws {
    try checkJSON(200, length: length)
  }

  private func checkJSON(_ count: Int, length: Int) throws {
    let model = try Self.model(of: "{}[]\":,.-0123456789truefalsnb\\ ")
    var kinds: Set<String> = []
    for (text, _) in try texts(count, Self.json, of: model, length: length) {
      #expect(text.unicodeScalars.count <= length)
      #expect(throws: Never.self, "\(text)") {
        try JSONSerialization.jsonObject(with: Data(text.utf8))
      }
      kinds.insert(text)
    }
    #expect(length == 2 ? kinds == ["{}"] : kinds.count > 10, "\(kinds.count)")
  }

  /// Sums and products with the rules that begin with themselves, as a person would write them.
  private static let arithmetic = """
    root    ::= sum
    sum     ::= sum ("+" | "-") product | product
    product ::= product "*" factor | factor
    factor  ::= number | "(" sum ")" | "-" factor
    number  ::= "0" | [1-9] [0-9]*
    """

  private func checkArithmetic(_ count: Int) throws {
    let model = try Self.model(of: "()+-*0123456789")
    let found = try texts(count, Self.arithmetic, of: model, length: 24)
    for (text, reason) in found where !ArithmeticReader.accepts(text) {
      Issue.record("\(text), \(String(describing: reason))")
    }
    #expect(Set(found.map(\.text)).count > count / 4)
    // The checker itself can tell.
    for text in ["", "01", "1+", "(1", "1)", "1**2", "()", "+1", "1 ", "2(3)"] {
      #expect(!ArithmeticReader.accepts(text), "\(text)")
    }
  }

  @Test("300 texts of a grammar of sums are read by a parser written by hand")
  func arithmetic() throws {
    try checkArithmetic(300)
  }

  @Test(
    "10,000 texts of each grammar follow it",
    .tags(.slow), .enabled(if: slowTestsAreEnabled, "TEXTLM_SLOW_TESTS is not 1"))
  func many() throws {
    try checkArithmetic(10_000)
    try checkJSON(10_000, length: 40)
  }

  private static func isBalanced(_ text: String) -> Bool {
    var open: [Character] = []
    for character in text {
      switch character {
      case "(", "[": open.append(character)
      case ")": if open.popLast() != "(" { return false }
      case "]": if open.popLast() != "[" { return false }
      default: return false
      }
    }
    return open.isEmpty
  }

  @Test("Brackets are balanced at every bound, and fill it")
  func brackets() throws {
    let model = try Self.model(of: "()[]")
    let grammar = "root ::= pair+\npair ::= \"(\" pair* \")\" | \"[\" pair* \"]\""
    for length in [2, 3, 8, 21] {
      let found = try texts(200, grammar, of: model, length: length)
      for (text, _) in found { #expect(Self.isBalanced(text) && !text.isEmpty, "\(text)") }
      let longest = found.map(\.text.count).max()
      #expect(longest == length - length % 2)
    }
  }

  /// Each text is also written by the rule without left recursion, so that a regular expression tells.
  @Test(
    "Rules that begin with themselves, directly, through others, and behind nothing",
    arguments: [
      ("root ::= root \"+\" [ab] | [ab]", "[ab](\\+[ab])*"),
      ("root ::= x | \"a\"\nx ::= root \"+\" \"b\"", "a(\\+b)*"),
      ("root ::= none root \"+\" | \"a\"\nnone ::= \"b\"?", "b*a\\++|a"),
      ("root ::= root root | \"a\" | \"b\"", "[ab]+"),
      ("root ::= (\"a\"? \"b\"?)* \"+\"", "[ab]*\\+"),
      ("root ::= root\nroot-2 ::= \"a\"", ""),
    ])
  func leftRecursion(grammar: String, pattern: String) throws {
    guard !pattern.isEmpty else {
      #expect(
        throws: GrammarError.unproductive(source: "g.gbnf", line: 1, rule: "root")
      ) { try Grammar(grammar, source: "g.gbnf") }
      return
    }
    let model = try Self.model(of: "ab+")
    let oracle = try Regex(pattern)
    var kinds: Set<String> = []
    for (text, _) in try texts(200, grammar, of: model, length: 9) {
      #expect(try oracle.wholeMatch(in: text) != nil, "\(text)")
      kinds.insert(text)
    }
    #expect(kinds.count > 4)
  }

  @Test("All texts of a finite language come, and none else")
  func complete() throws {
    let model = try Self.model(of: "abcd")
    let grammar = "root ::= (\"a\" | \"b\"){1,2} mid? # c or nothing\nmid ::= [^abd] | \"\""
    let expected: Set = ["a", "b", "aa", "ab", "ba", "bb"]
    let found = Set(try texts(2000, grammar, of: model).map(\.text))
    #expect(found == expected.union(expected.map { $0 + "c" }))
  }

  @Test("The least length of a rule that must recurse is known")
  func shortest() throws {
    let model = try Self.model(of: "()xy")
    let grammar = "root ::= \"(\" root \")\" | y{3}\ny ::= \"y\" | \"x\" \"x\"\n"
    #expect(try Self.grammar(grammar, model).shortestLength == 3)
    #expect(try Set(texts(50, grammar, of: model, length: 4).map(\.text)).contains("yyy"))
    let rules = try WritingRules(maximumCount: 2, grammar: Self.grammar(grammar, model))
    #expect(
      throws: ConstraintError.tooShort(names: ["--grammar"], needed: 3, allowed: 2)
    ) { try model.generate(rules: rules) }
  }

  @Test(
    "Units of any kind: bytes, words and what is spelled in bytes",
    arguments: ["byte", "word", "grapheme", "codepoint"])
  func units(unit: String) throws {
    let model = try Self.model(
      of: "sea bell (calm) e\u{301}. ", unit: unit,
      maximumUnitCount: unit == "codepoint" ? 4 : nil)
    // The escapes are those of the grammar: é and two ranges beyond the first plane and in it.
    let grammar = """
      root ::= "(" word (" " word)* ")"
      word ::= ("sea" | "bell" | "e\\u0301" | [水火] | [\\U0001F600-\\U0001F64F])+
      """
    let oracle = try Regex(
      "\\((sea|bell|e\\u{301}|[水火]|[\\u{1F600}-\\u{1F64F}])+( (sea|bell|e\\u{301}|[水火]|[\\u{1F600}-\\u{1F64F}])+)*\\)"
    ).matchingSemantics(.unicodeScalar)
    let found = try texts(100, grammar, of: model, length: 24)
    for (text, _) in found { #expect(try oracle.wholeMatch(in: text) != nil, "\(text)") }
    #expect(Set(found.map(\.text)).count > 20)
  }

  @Test("A beam follows a grammar")
  func beam() throws {
    let model = try Self.model(of: "()[]")
    let rules = try WritingRules(
      maximumCount: 6, grammar: Self.grammar("root ::= \"(\" root* \")\"", model))
    let found = try model.search(BeamSearch(width: 8), rules: rules)
    #expect(found.count > 2)
    for text in found { #expect(Self.isBalanced(text.tokens.map(\.text).joined())) }
  }

  @Test(
    "What cannot be read says on which line, and from which character on",
    arguments: [
      ("root ::= \"a\"\nx = \"b\"", 2, 3), ("root ::= (\"a\"\n\n", 1, 10),
      ("root ::= \"a", 1, 12), ("\n\nroot ::= [a\n", 3, 12), ("root ::= * \"a\"", 1, 10),
      ("root ::= \"a\"{3,2}", 1, 18), ("root ::= \"a\"{1001}", 1, 17),
      ("root ::= \"\\q\"", 1, 12), ("root ::= \"\\xZZ\"", 1, 12),
      ("root ::= \"\\uD800\"", 1, 12), ("root ::= [z-a]", 1, 14), ("root ::= \"a\" )", 1, 14),
      ("root ::= \"a\"\n  | \"b\"", 2, 3), ("root ::= \"a\" $", 1, 14),
      ("root ::= \"\\", 1, 12), ("root ::= \"水é\" $", 1, 15),
    ] as [(String, Int, Int)])
  func unreadable(text: String, line: Int, column: Int) throws {
    let error = #expect(throws: GrammarError.self) { try Grammar(text, source: "g.gbnf") }
    guard case .unreadable("g.gbnf", let foundLine, let foundColumn, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(foundLine == line && foundColumn == column, "\(String(describing: error))")
    #expect(error?.description.hasPrefix("g.gbnf, line \(line), character \(column): ") == true)
  }

  @Test("A name that is very long is told in part")
  func longNames() throws {
    let name = String(repeating: "a", count: 100_000)
    for text in ["root ::= \(name)", "\(name) = \"b\""] {
      let error = #expect(throws: GrammarError.self) { try Grammar(text, source: "g.gbnf") }
      #expect(try #require(error).description.count < 250)
    }
  }

  @Test("What no text follows is refused with the rule and its line")
  func refused() throws {
    func error(_ text: String) -> GrammarError? {
      #expect(throws: GrammarError.self) { try Grammar(text, source: "g") }
    }
    #expect(error("a ::= \"x\"") == .noRoot(source: "g"))
    #expect(error("") == .noRoot(source: "g"))
    #expect(error("root ::= \"x\"\n  y\n") != nil)
    #expect(
      error("root ::= \"x\" |\n  y z\ny ::= z")
        == .undefined(source: "g", line: 2, rule: "z"))
    #expect(
      error("root ::= \"x\"\n\nroot ::= \"y\"")
        == .repeated(source: "g", line: 3, rule: "root", firstLine: 1))
    #expect(
      error("root ::= \"x\" | b\n\nb ::= \"(\" b \")\"")
        == .unproductive(source: "g", line: 3, rule: "b"))
    #expect(
      error("root ::= a\na ::= [^\\x00-\\U0010FFFF]")
        == .unproductive(source: "g", line: 2, rule: "a"))
  }

  @Test("What the model cannot write is refused, unless there is another way")
  func lacking() throws {
    let model = try Self.model(of: "ab")
    #expect(
      throws: GrammarError.lacking(source: "g.gbnf", line: 3, rule: "x", characters: "'水'")
    ) { try Self.grammar("root ::= \"a\" x\n\nx ::= \"b\"* \"水\" | [0-9]", model) }
    #expect(throws: GrammarError.empty(source: "g.gbnf")) {
      try Self.grammar("root ::= \"水\"*", model)
    }
    let found = try texts(50, "root ::= \"水\" | \"a\"{2} | [b0-9]{3}", of: model)
    #expect(Set(found.map(\.text)) == ["aa", "bbb"])
    #expect(throws: SamplingError.self) {
      try WritingRules(
        constraints: TokenAutomaton([.including("a")], tokenizer: model.tokenizer),
        grammar: Self.grammar("root ::= \"a\"", model))
    }
  }

  @Test(
    "Work grows with the grammar and not with its square: chains of rules, and long literals",
    .timeLimit(.minutes(1)))
  func longGrammars() throws {
    let model = try Self.model(of: "ab")
    let count = 30_000
    let rules =
      ["root ::= r0"] + (0..<count).map { "r\($0) ::= r\($0 + 1)" } + ["r\(count) ::= \"a\""]
    for lines in [rules, rules.reversed()] {
      let grammar = try Self.grammar(lines.joined(separator: "\n"), model)
      #expect(grammar.shortestLength == 1)
      let rules = try WritingRules(maximumCount: 3, grammar: grammar)
      #expect(Array(try model.generate(rules: rules)).joined() == "a")
    }
    let long = String(repeating: "ab", count: 25_000)
    #expect(try Self.grammar("root ::= \"\(long)\"", model).shortestLength == 50_000)
  }

  @Test("Rules that double each other's length are longer than any text, and no crash")
  func doubling() throws {
    let model = try Self.model(of: "ab")
    let lines = (0..<80).map { "r\($0) ::= r\($0 + 1) r\($0 + 1)" }
    let grammar = try Self.grammar(
      (["root ::= r0"] + lines + ["r80 ::= \"a\""]).joined(separator: "\n"), model)
    #expect(throws: ConstraintError.self) {
      try model.generate(rules: WritingRules(maximumCount: 100, grammar: grammar))
    }
  }

  @Test(
    "A ( without its ) is told where it stands",
    arguments: [
      ("root ::= (\"a\"\n\n", 1, 10), ("root ::= \"a\" |\n  (\"b\" (\"a\")\n\n# end\n", 2, 3),
      ("root ::= x\nx ::= (\"a\"\ny ::= \"b\"\n", 2, 7),
    ] as [(String, Int, Int)])
  func unclosed(text: String, line: Int, column: Int) {
    #expect(
      throws: GrammarError.unreadable(
        source: "g.gbnf", line: line, column: column, problem: "a ( without its )")
    ) { try Grammar(text, source: "g.gbnf") }
  }

  @Test("What nobody can tell of a grammar is refused")
  func wishes() throws {
    let model = try Self.model(of: "ab")
    let grammar = try Self.grammar("root ::= [ab]+", model)
    #expect(throws: SamplingError.self) { try WritingRules(minimumCount: 1, grammar: grammar) }
    #expect(throws: SamplingError.self) { try WritingRules(stops: ["a"], grammar: grammar) }
  }
}

/// Reads sums as a person would write a parser: from the left, one function for each rule.
private struct ArithmeticReader {
  private var rest: Substring

  /// Whether the whole text is a sum.
  static func accepts(_ text: String) -> Bool {
    var reader = ArithmeticReader(rest: text[...])
    return reader.sum() && reader.rest.isEmpty
  }

  private mutating func take(_ character: Character) -> Bool {
    guard rest.first == character else { return false }
    rest.removeFirst()
    return true
  }

  private mutating func sum() -> Bool {
    guard product() else { return false }
    while take("+") || take("-") {
      guard product() else { return false }
    }
    return true
  }

  private mutating func product() -> Bool {
    guard factor() else { return false }
    while take("*") {
      guard factor() else { return false }
    }
    return true
  }

  private mutating func factor() -> Bool {
    if take("-") { return factor() }
    if take("(") { return sum() && take(")") }
    if take("0") { return true }
    let digits = rest.prefix { "0123456789".contains($0) }
    rest = rest[digits.endIndex...]
    return !digits.isEmpty && digits.first != "0"
  }
}
