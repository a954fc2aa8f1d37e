import TextLM

extension ScoreCommand {
  /// A text that is measured on its own.
  struct Document {
    let name: String
    let text: UTF8Text
  }

  /// The texts to measure, in memory.
  func documents(_ rules: ReadingRules) throws -> [Document] {
    var documents: [Document] = []
    for file in try TextInput.readAll(files.isEmpty ? ["-"] : files, rules, shared.output) {
      for notice in file.notices { shared.note("note: \(notice)") }
      if let member = jsonLines.textField {
        documents += try file.texts(ofMember: member).map { line, text in
          // The line ends within a text are escapes in the file.
          Document(name: "\(file.name):\(line)", text: rules.newlines.apply(to: text))
        }
        continue
      }
      var texts = try file.documents
      // An empty file is a document of no characters, unless documents end within files.
      if texts.isEmpty, !measuresEnds { texts.append(UTF8Text("")) }
      documents += texts.enumerated().map { index, text in
        Document(name: texts.count == 1 ? file.name : "\(file.name):\(index + 1)", text: text)
      }
    }
    return documents
  }
}
