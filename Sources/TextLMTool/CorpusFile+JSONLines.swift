import TextLM

extension CorpusFile {
  /// The texts that a member of each line's JSON object has, with the numbers of their lines from 1;
  /// blank lines are left out.
  ///
  /// - Throws: `TextFieldError` for the first line without such a text.
  func texts(ofMember name: String) throws -> [(line: Int, text: UTF8Text)] {
    var texts: [(line: Int, text: UTF8Text)] = []
    var cutter = WholeLineCutter()
    func add(_ lines: [WholeLineCutter.Line]) throws {
      for line in lines where !line.isBlank {
        texts.append((line: line.number, text: try member(name, of: line)))
      }
    }
    try forEachPassage { passage in
      try add(cutter.lines(in: passage.text.bytes))
    }
    if let last = cutter.lastLine() { try add([last]) }
    return texts
  }

  private func member(
    _ name: String, of line: WholeLineCutter.Line
  ) throws(TextFieldError) -> UTF8Text {
    func refusal(_ reason: BadRowReason, members: [String]? = nil) -> TextFieldError {
      let place = LabelledPlace(path: sourceName, line: line.number)
      return TextFieldError(row: BadRow(place: place, reason: reason), members: members)
    }
    guard !line.isTooLong else { throw refusal(.tooLong(limit: WholeLineCutter.byteLimit)) }
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONValue(parsing: Array(line.bytes))
    } catch {
      throw refusal(.json(error))
    }
    guard case .object(let object) = value else {
      throw refusal(.notObject(found: value.summary))
    }
    let (members, wanted) = (object.members.map(\.key), "member \(quotedForMessage(name))")
    guard let found = object[name] else {
      throw refusal(.missingColumn(wanted), members: members)
    }
    guard case .string(let text) = found else {
      throw refusal(.notText(found: "\(found.summary) in \(wanted)"), members: members)
    }
    return UTF8Text(text)
  }
}

/// A line of JSON lines that has no text where `--text-field` says.
struct TextFieldError: Error, CustomStringConvertible {
  /// The line and what is wrong with it.
  let row: BadRow
  /// The members of its object; nil where it is none.
  let members: [String]?

  var description: String {
    guard let members else { return "\(row)" }
    if members.isEmpty { return "\(row); the object has no members" }
    return "\(row); its members are: \(quotedForMessage(members))"
  }
}
