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

  /// Calls `body` with the name of each text and its lines, as they come; standard input is read as UTF-8
  /// while it grows, other texts by `rules`, but that files are not cut into documents. A line of more than
  /// a million bytes comes in pieces.
  static func forEachLines(
    _ path: String, _ rules: ReadingRules, _ output: some NoteTaker,
    _ body: (_ name: String, _ lines: [LinePiece]) throws -> Void
  ) throws {
    let longest = 1 << 20
    guard path != "-" else {
      return try forEachLines(ofStream: path, longest: longest, output) { try body("-", $0) }
    }
    var rules = rules
    rules.documents = .file
    for file in try CorpusFile.files(at: path, rules) {
      for notice in file.notices { output.note("note: \(notice)") }
      try file.forEachLines(longest: longest) { try body(file.name, $0) }
    }
  }

  /// Calls `body` with the lines of a file or, for `-`, of standard input, as they come and as UTF-8.
  static func forEachLines(
    ofStream path: String, longest: Int, _ output: some NoteTaker,
    _ body: ([LinePiece]) throws -> Void
  ) throws {
    let isInput = path == "-"
    if isInput { noteTyping(output) }
    let stream = try isInput ? ByteStream(standardInput: ()) : ByteStream(opening: path)
    try stream.forEachLines(name: isInput ? "standard input" : path, longest: longest, body)
  }

  /// Calls `body` with the lines of each text, all by `rules`, and tells what was found out about its bytes.
  /// Those of standard input are read as they come, unless their encoding is to be guessed. A line of more
  /// than `longest` bytes comes in pieces.
  static func forEachLines(
    _ path: String, _ rules: ReadingRules, longest: Int, _ output: some NoteTaker,
    _ body: (_ lines: [LinePiece]) throws -> Void
  ) throws {
    if path == "-", rules.encoding != .automatic {
      noteTyping(output)
      let notices = try ByteStream(standardInput: ()).forEachLines(
        name: "standard input", longest: longest, rules, body)
      for notice in notices { output.note("note: \(notice)") }
      return
    }
    var rules = rules
    rules.documents = .file
    for file in try readAll([path], rules, output) {
      for notice in file.notices { output.note("note: \(notice)") }
      try file.forEachLines(longest: longest, body)
    }
  }

  /// Tells a person that text is waited for.
  static func noteTyping(_ output: some NoteTaker) {
    if Console.inputIsTerminal {
      output.note("type the text, and end it with Ctrl-D on a line of its own")
    }
  }
}
