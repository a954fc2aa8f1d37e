import ArgumentParser
import TextLM

/// The text that copies are looked for in: that of a file, or the training text.
struct CopiedTextOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      What is looked for copies of: a file or a folder. By default it is the training text, whose \
      index train --copy-index has written; of another text it is made now, which takes some 100 \
      bytes of memory and 2 µs for each character.
      """, valueName: "path"))
  var copiedFrom: String?

  /// The index of the text as the model reads it, which lies at a path; files are read by the rules.
  func index(
    _ model: TextModel, at path: String, _ rules: ReadingRules, _ notes: some NoteTaker
  ) throws -> CopyIndex {
    guard let copiedFrom else { return try model.copyIndex(besideModelAt: path) }
    let texts = try TextInput.readAll([copiedFrom], rules, notes).flatMap { try $0.documents }
    return try model.copyIndex(of: texts)
  }
}
