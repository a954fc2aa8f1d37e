import TextLM

/// Texts that commands read.
enum TextInput {
  /// The text of a file or, for `-`, of standard input.
  static func read(
    _ path: String, _ output: some NoteTaker, _ rules: ReadingRules = ReadingRules()
  ) throws -> CorpusFile {
    guard path == "-" else { return try CorpusFile(contentsOf: path, rules) }
    noteTyping(output)
    return try CorpusFile(standardInput: (), rules)
  }

  /// The texts of several files, folders and, for `-`, of standard input.
  static func readAll(
    _ paths: [String], _ rules: ReadingRules, _ output: some NoteTaker
  ) throws -> [CorpusFile] {
    try paths.flatMap { path in
      path == "-" ? [try read(path, output, rules)] : try CorpusFile.files(at: path, rules)
    }
  }

  /// Calls `body` with the name of each text and a function that reads it, passage by passage.
  /// Standard input is read as it comes, unless its encoding is to be guessed.
  static func forEachText(
    _ path: String, _ rules: ReadingRules, _ output: some NoteTaker,
    _ body: (_ name: String, _ read: (Bool, (Passage) throws -> Void) throws -> Void) throws -> Void
  ) throws {
    if path == "-", rules.encoding != .automatic {
      noteTyping(output)
      return try body("-") { tracksOffsets, body in
        try CorpusFile.forEachPassage(
          ofStandardInputBy: rules, tracksOffsets: tracksOffsets, body)
      }
    }
    for file in try readAll([path], rules, output) {
      for notice in file.notices { output.note("note: \(notice)") }
      try body(file.name) { try file.forEachPassage(tracksOffsets: $0, $1) }
    }
  }

  /// Tells a person that text is waited for.
  static func noteTyping(_ output: some NoteTaker) {
    if Console.inputIsTerminal {
      output.note("type the text, and end it with Ctrl-D on a line of its own")
    }
  }
}
