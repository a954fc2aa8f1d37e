import ArgumentParser
import TextLM

/// How much of another text may be in what is written.
struct CopyOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Write at most so many characters in a row as the training text has them, or that of \
      --copied-from; the prompt counts. A small number leaves little to write: 20 is about four words.
      """, valueName: "n"))
  var maxCopy: Int?

  @OptionGroup var copied: CopiedTextOptions

  func validate() throws {
    if let maxCopy, maxCopy < 1 {
      throw ValidationError("--max-copy is \(maxCopy), but must be 1 or more")
    }
    if maxCopy == nil, copied.copiedFrom != nil {
      throw ValidationError("--copied-from changes nothing without --max-copy")
    }
  }

  /// The limit for a model, which lies at a path; nil without one.
  func limit(
    _ model: TextModel, at path: String, _ reading: EncodingOptions, _ notes: some NoteTaker
  ) throws -> CopyLimit? {
    guard let maxCopy else { return nil }
    return try CopyLimit(
      maxCopy, of: copied.index(model, at: path, reading.rules(for: model), notes))
  }
}
