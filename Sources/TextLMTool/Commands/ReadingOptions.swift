import ArgumentParser
import TextLM

/// How the bytes of texts become text, and text documents.
struct ReadingOptions: ParsableArguments {
  /// What becomes of bytes that are no text.
  enum Invalid: String, ExpressibleByArgument, CaseIterable {
    case error
    case replace
    case skip
  }

  /// What becomes of line ends.
  enum Newlines: String, ExpressibleByArgument, CaseIterable {
    case lf
    case keep
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

  @Option(
    help: ArgumentHelp(
      "Turn the line ends of Windows into line feeds, or keep them; keep by default.",
      valueName: "way"))
  var newlines: Newlines?

  @Option(
    help: ArgumentHelp(
      """
      What a document is, before which a model knows nothing: file, which is the default, line, \
      blank-line for what lies between blank lines, or any text that lies between documents.
      """, valueName: "rule"))
  var documents: String?

  func validate() throws {
    if let documents, DocumentRule(documents) == nil {
      throw ValidationError("--documents is empty, but must be file, line, blank-line or a text")
    }
    if let encoding {
      do throws(TextError) {
        try TextEncoding(encoding).check()
      } catch {
        throw ValidationError("\(error)")
      }
    }
  }

  /// What was asked for; the rest is as `standard` says.
  func rules(_ standard: ReadingRules = ReadingRules()) -> ReadingRules {
    var rules = standard
    if let encoding { rules.encoding = TextEncoding(encoding) }
    if let rule = invalid.flatMap({ InvalidBytes(rawValue: $0.rawValue) }) {
      rules.invalidBytes = rule
    }
    if let rule = newlines.flatMap({ NewlineRule(rawValue: $0.rawValue) }) {
      rules.newlines = rule
    }
    if let rule = documents.flatMap({ DocumentRule($0) }) { rules.documents = rule }
    return rules
  }

  /// What a resumed run has decided already.
  var fixed: [FixedOption] {
    [
      FixedOption("--encoding", encoding.map { .word($0) }, "encoding"),
      FixedOption(
        "--invalid", invalid.map { $0 == .error ? .nothing($0.rawValue) : .word($0.rawValue) },
        "invalid"),
      FixedOption(
        "--newlines", newlines.map { $0 == .keep ? .nothing($0.rawValue) : .word($0.rawValue) },
        "newlines"),
      FixedOption(
        "--documents",
        documents.map { $0 == DocumentRule.file.name ? .nothing($0) : .word($0) },
        "documents"),
    ].compactMap { $0 }
  }
}
