import ArgumentParser
import TextLM

/// How the bytes of texts become characters.
struct EncodingOptions: ParsableArguments {
  /// What becomes of bytes that are no text.
  enum Invalid: String, ExpressibleByArgument, CaseIterable {
    case error
    case replace
    case skip
  }

  @Option(
    help: ArgumentHelp(
      """
      The encoding of the texts: utf-8, utf-16, utf-32, a name such as windows-1252, or auto, which \
      guesses that of a text that is not UTF-8. The default is what a byte-order mark says, then \
      utf-8.
      """, valueName: "name"))
  var encoding: String?

  @Option(
    help: ArgumentHelp(
      """
      What becomes of bytes that are no text: error refuses them and says where they are, replace \
      puts U+FFFD for them, skip leaves them out.
      """, valueName: "way"))
  var invalid: Invalid?

  func validate() throws {
    guard let encoding else { return }
    do throws(TextError) {
      try TextEncoding(encoding).check()
    } catch {
      throw ValidationError("\(error)")
    }
  }

  /// Refuses the options where no text is read; `needed` are those that name one.
  func check(hasText: Bool, needed: String) throws {
    let given = [("--encoding", encoding != nil), ("--invalid", invalid != nil)]
    if !hasText, let name = given.first(where: \.1)?.0 {
      throw ValidationError("\(name) changes nothing without a text to read: give \(needed)")
    }
  }

  /// What was asked for; the rest is as `standard` says.
  func rules(_ standard: ReadingRules = ReadingRules()) -> ReadingRules {
    var rules = standard
    if let encoding { rules.encoding = TextEncoding(encoding) }
    if let rule = invalid.flatMap({ InvalidBytes(rawValue: $0.rawValue) }) {
      rules.invalidBytes = rule
    }
    return rules
  }

  /// What was asked for, of a text that a model only reads.
  func rules(for model: TextModel) -> ReadingRules { rules(ReadingRules(forReadingBy: model)) }

  /// What a resumed run has decided already.
  var fixed: [FixedOption] {
    [
      FixedOption("--encoding", encoding.map { .word($0) }, "encoding"),
      FixedOption(
        "--invalid", invalid.map { $0 == .error ? .nothing($0.rawValue) : .word($0.rawValue) },
        "invalid"),
    ].compactMap { $0 }
  }
}
