import ArgumentParser
import TextLM

/// How the bytes of texts become text, and text documents.
struct ReadingOptions: ParsableArguments {
  /// What becomes of line ends.
  enum Newlines: String, ExpressibleByArgument, CaseIterable {
    case lf
    case keep
  }

  @OptionGroup var bytes: EncodingOptions

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
  }

  /// What was asked for; the rest is as `standard` says.
  func rules(_ standard: ReadingRules = ReadingRules()) -> ReadingRules {
    var rules = bytes.rules(standard)
    if let rule = newlines.flatMap({ NewlineRule(rawValue: $0.rawValue) }) {
      rules.newlines = rule
    }
    if let rule = documents.flatMap({ DocumentRule($0) }) { rules.documents = rule }
    return rules
  }

  /// What was asked for, of a text that a model only reads; `documents` is what a document is unless told.
  func rules(for model: TextModel, documents: DocumentRule = .file) -> ReadingRules {
    rules(ReadingRules(forReadingBy: model, documents: documents))
  }

  /// What a resumed run has decided already.
  var fixed: [FixedOption] {
    bytes.fixed
      + [
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

extension ReadingRules {
  /// Of a text that a model only reads: damage in it is no reason to refuse it, and line ends become what the
  /// model knows.
  init(forReadingBy model: TextModel, documents: DocumentRule = .file) {
    self.init(
      invalidBytes: .replace, newlines: model.tokenizer.preparation.newlines, documents: documents)
  }
}
