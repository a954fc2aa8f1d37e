import ArgumentParser
import TextLM

/// What the written text must be like.
struct ConstraintOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Write characters of a set only, in ICU's notation, such as '[a-z\\ ]' or '[:Latin:]'.",
      valueName: "set"))
  var only: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Write no character of a set: '[eE]' makes a lipogram.", valueName: "set"))
  var without: String?

  @Option(
    help: ArgumentHelp(
      """
      Write only words that a file has on its lines; small letters also stand for capitals. \
      Anything that is no letter or digit may come between words.
      """, valueName: "file"))
  var words: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      The whole written text matches this regular expression: literals, . [a-z] \\d \\w \\s \\p{Lu} \
      ( ) | * + ? {2,5}.
      """, valueName: "pattern"))
  var regex: String?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "The written text has this in it, at the latest at its end. May be repeated.",
      valueName: "text"))
  var mustInclude: [String] = []

  @Option(
    help: ArgumentHelp(
      """
      The whole written text follows the grammar in a file, in llama.cpp's notation (GBNF): \
      root ::= "(" root? ")".
      """, valueName: "file"))
  var grammar: String?

  func validate() throws {
    if mustInclude.contains(where: \.utf8.isEmpty) {
      throw ValidationError("--must-include is empty, which every text includes")
    }
    do throws(TextError) {
      _ = try sets()
    } catch {
      throw ValidationError("\(error)")
    }
  }

  /// Whether a file is to be read.
  var readsFile: Bool { words != nil || grammar != nil }

  /// Whether any is given.
  var isGiven: Bool {
    [only, without, words, regex, grammar].contains { $0 != nil } || !mustInclude.isEmpty
  }

  /// The sets of characters that are given.
  private func sets() throws(TextError) -> [TextConstraint] {
    var constraints: [TextConstraint] = []
    if let only { constraints.append(.only(try ScalarSet(only, option: "--only"))) }
    if let without { constraints.append(.without(try ScalarSet(without, option: "--without"))) }
    return constraints
  }

  /// The constraints that are given, as far as they do not depend on a model. Throws for files that
  /// cannot be read.
  private func constraints(_ rules: ReadingRules) throws -> [TextConstraint] {
    var constraints = try sets()
    if let words {
      let lines = try CorpusFile(contentsOf: words, rules).text.string.split { $0.isNewline }
      constraints.append(.words(lines.map(String.init), source: words))
    }
    if let regex { constraints.append(.regex(regex)) }
    return constraints + mustInclude.map { .including($0) }
  }

  /// The grammar for a model's texts; nil without one. Throws `GrammarError` with the line.
  func grammar(_ tokenizer: Tokenizer, _ rules: ReadingRules) throws -> TokenGrammar? {
    try grammar.map { path in
      let text = try CorpusFile(contentsOf: path, rules).text.string
      return try TokenGrammar(
        Grammar(text, source: path), vocabulary: tokenizer.vocabulary)
    }
  }

  /// The automaton of all constraints, none of whose texts has one of `stops` in it; nil without any.
  /// Tells which words of a file cannot be written.
  func automaton(
    _ tokenizer: Tokenizer, stops: [String], _ rules: ReadingRules, _ notes: some NoteTaker
  ) throws -> TokenAutomaton? {
    let constraints = try constraints(rules)
    guard !constraints.isEmpty else { return nil }
    let automaton = try TokenAutomaton(constraints, stops: stops, tokenizer: tokenizer)
    for words in automaton.unwritableWords { notes.note("note: \(words)") }
    return automaton
  }
}
