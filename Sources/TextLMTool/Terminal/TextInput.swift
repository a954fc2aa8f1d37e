import TextLM

/// Texts that commands read.
enum TextInput {
  /// The text of a file or, for `-`, of standard input.
  static func read(_ path: String, _ output: OutputOptions) throws -> CorpusFile {
    guard path == "-" else { return try CorpusFile(contentsOf: path) }
    if Console.inputIsTerminal {
      output.note("type the text, and end it with Ctrl-D on a line of its own")
    }
    return try CorpusFile(standardInput: ())
  }
}
