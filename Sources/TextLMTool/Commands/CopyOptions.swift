import ArgumentParser
import TextLM

/// How much of another text may be in what is written.
struct CopyOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Write at most so many characters in a row as the text of --copied-from has them; the prompt \
      counts. A small number leaves little to write: 20 is about four words.
      """, valueName: "n"))
  var maxCopy: Int?

  @Option(
    help: ArgumentHelp(
      """
      What must not be copied, such as the training text: a file or a folder. Takes some 60 bytes of \
      memory and 2 µs for each of its characters at the start.
      """, valueName: "path"))
  var copiedFrom: String?

  func validate() throws {
    if let maxCopy, maxCopy < 1 {
      throw ValidationError("--max-copy is \(maxCopy), but must be 1 or more")
    }
    if (maxCopy == nil) != (copiedFrom == nil) {
      throw ValidationError(
        "--max-copy and --copied-from are given together: how much, and of what")
    }
  }

  /// The limit; nil without one.
  func limit(
    _ model: TextModel, _ reading: EncodingOptions, _ notes: some NoteTaker
  ) throws -> CopyLimit? {
    guard let maxCopy, let copiedFrom else { return nil }
    let rules = reading.rules(
      ReadingRules(invalidBytes: .replace, newlines: model.tokenizer.preparation.newlines))
    let texts = try TextInput.readAll([copiedFrom], rules, notes).flatMap { try $0.documents }
    return try CopyLimit(maxCopy, of: model.copyIndex(of: texts))
  }
}
