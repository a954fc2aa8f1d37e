import ArgumentParser
import TextLM

/// A part of a text, as asked for.
enum PartOption: String, ExpressibleByArgument, CaseIterable {
  case line
  case sentence
  case paragraph
  case document

  var part: TextPart {
    switch self {
    case .line: .line
    case .sentence: .sentence
    case .paragraph: .paragraph
    case .document: .document
    }
  }
}

/// How long a text gets.
struct LengthOptions: ParsableArguments {
  @Option(
    name: [.customShort("n"), .customLong("max-tokens")], parsing: .unconditional,
    help: ArgumentHelp(
      """
      Characters to write at most; one that is spelled in bytes counts as several. The default is \
      500, with --until 10000.
      """, valueName: "count"))
  var tokenCount: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Characters to write at least: before, nothing ends the text, and constraints allow only what gets so \
      long. A grammar says so itself.
      """, valueName: "count"))
  var minTokens = 0

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      """
      End in front of this text, which is not written. May be repeated; the first to come ends. With \
      constraints it comes where they are satisfied, and nowhere else; a grammar says itself where texts \
      end.
      """, valueName: "text"))
  var stop: [String] = []

  @Option(
    help: ArgumentHelp(
      """
      End with the line, the sentence, the paragraph or the document. A full stop ends a sentence \
      when white space follows, even behind an abbreviation. With constraints it is the first such end \
      where they are satisfied.
      """, valueName: "part"))
  var until: [PartOption] = []

  /// The part that ends the text; nil without one.
  private var part: TextPart? { until.first?.part }

  /// Tokens to write at most.
  var count: Int { tokenCount ?? (until.isEmpty ? 500 : 10_000) }

  func validate() throws {
    if count < 0 { throw ValidationError("-n is \(count), but must be 0 or more") }
    if minTokens < 0 {
      throw ValidationError("--min-tokens is \(minTokens), but must be 0 or more")
    }
    if minTokens > count {
      throw ValidationError(
        "--min-tokens is \(minTokens), but must be at most -n, which is \(count)")
    }
    if stop.contains(where: \.utf8.isEmpty) {
      throw ValidationError("--stop is empty, but must have a character: every text would end")
    }
    if until.count > 1 {
      throw ValidationError(
        "--until \(until[0].rawValue) and --until \(until[1].rawValue) cannot be given together: "
          + "a text ends with one part; leave one out")
    }
  }

  /// The rules of a text.
  func rules(
    alternativeCount: Int, constraints: TokenAutomaton?, grammar: TokenGrammar?,
    copyLimit: CopyLimit?
  ) throws -> WritingRules {
    try WritingRules(
      maximumCount: count, minimumCount: minTokens, stops: stop, until: part,
      alternativeCount: alternativeCount, constraints: constraints, grammar: grammar,
      copyLimit: copyLimit)
  }

  /// Which of the ends cannot come in texts of a vocabulary and under constraints, in words. They may
  /// come with another model, so that this is no error.
  func notices(_ vocabulary: Vocabulary, _ constraints: TokenAutomaton?) throws -> [String] {
    let characters = WritableCharacters(vocabulary)
    var notices = stop.compactMap { stop -> String? in
      let lacking = characters.lacking(in: stop).prefix(4).map { "'\($0)'" }
      return lacking.isEmpty
        ? nil
        : TerminalText.visible(
          "--stop '\(TerminalText.excerpt(of: stop))' cannot come: the model's vocabulary lacks "
            + lacking.joined(separator: ", "))
    }
    if let part, let constraints, try !constraints.allowsEnd(of: part, vocabulary) {
      let lacking = part == .sentence ? "a mark that ends a sentence" : "the end of a line"
      notices.append(
        "--until \(part.rawValue) ends nothing: under "
          + "\(constraints.names.joined(separator: " and ")) no text has \(lacking)")
    }
    return notices
  }
}
