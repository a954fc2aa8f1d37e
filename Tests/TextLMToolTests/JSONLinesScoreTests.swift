import Foundation
import Testing
import TextLM
import TextLMTensors

@Suite("score --text-field")
struct JSONLinesScoreTests {
  private static let texts = ["The boat.\nA \"quiet\" harbour.\n", "Two boats.", ""]

  /// A folder with the texts as files and as JSON lines.
  private func folder() throws -> ToolFolder {
    let folder = try ToolFolder()
    var lines = ""
    for (index, text) in Self.texts.enumerated() {
      try folder.write(text, to: "\(index).txt")
      let row: JSONValue = ["id": JSONValue(index), "text": JSONValue(text)]
      lines += try row.text() + "\n \t\n"
    }
    try folder.write(lines, to: "texts.jsonl")
    return folder
  }

  private func score(
    _ folder: ToolFolder, _ arguments: [String], input: String? = nil
  ) async throws -> ToolResult {
    let model = try await ToolModel.file()
    return try await folder.run(["score", "-m", model, "-t", "1"] + arguments, input: input)
  }

  private func rows(
    _ folder: ToolFolder, _ arguments: [String], input: String? = nil
  ) async throws -> [JSONField] {
    let result = try await score(folder, arguments + ["-q", "--format", "json"], input: input)
    #expect(result.exitCode == 0, "\(result.errors)")
    return try jsonLines(result.output)
  }

  private static let files = ["0.txt", "1.txt", "2.txt"]
  private static let lines = ["--text-field", "text", "texts.jsonl"]

  @Test("each line is a document, named by file and line, that costs what it does as a file")
  func documents() async throws {
    let folder = try folder()
    let perDocument = ["--per", "document"]
    let found = try await rows(folder, Self.lines + perDocument)
    let wanted = try await rows(folder, Self.files + perDocument)
    // Blank lines are none, and count.
    #expect(
      try found.map { try $0.string("document") }
        == ["texts.jsonl:1", "texts.jsonl:3", "texts.jsonl:5"])
    #expect(try found.map { try $0.double("nats") } == wanted.map { try $0.double("nats") })
    #expect(try found.map { try $0.int("tokens") } == wanted.map { try $0.int("tokens") })
    let total = try await rows(folder, Self.lines)[0]
    let filesTotal = try await rows(folder, Self.files)[0]
    #expect(try total.double("nats") == filesTotal.double("nats"))
    #expect(try total.string("signature") == filesTotal.string("signature"))
  }

  @Test(
    "other results are those of the same texts as files",
    arguments: [
      ["--per", "line"], ["--per", "word"], ["--per", "token"], ["--cache"], ["--calibration"],
    ])
  func parts(options: [String]) async throws {
    let folder = try folder()
    let found = try await rows(folder, Self.lines + options)
    let wanted = try await rows(folder, Self.files + options)
    #expect(found.count == wanted.count)
    let key = options == ["--calibration"] ? "nats_per_token" : "nats"
    #expect(try found.map { try $0.double(key) } == wanted.map { try $0.double(key) })
  }

  @Test("standard input, and the line ends within a text")
  func lineEnds() async throws {
    let folder = try folder()
    let input = #"{"t": "a\r\nb"}"# + "\r\n"
    for (rule, count) in [("keep", 4), ("lf", 3)] {
      let options = ["--text-field", "t", "--newlines", rule]
      let row = try await rows(folder, options, input: input)[0]
      #expect(try row.string("document") == "-:1")
      #expect(try row.int("tokens") == count)
    }
    let none = try await rows(folder, ["--text-field", "t"], input: "")[0]
    #expect(try none.int("tokens") == 0)
  }

  @Test(
    "a line without such a text is refused with 65, and said is what it has",
    arguments: [
      (#"{"id": 3}"#, #"has no member "text"; its members are: "id""#),
      ("{}", #"has no member "text"; the object has no members"#),
      (
        #"{"text": 3, "id": 4}"#,
        #"the text is the integer 3 in member "text", expected a string; its members are: "text", "id""#
      ),
      ("[1]", "is an array of 1, expected an object"),
      (#"{"text": "#, "JSON: byte 9: expected a value, found the end of the text"),
    ])
  func badLines(line: String, message: String) async throws {
    let folder = try folder()
    let input = #"{"text": "A boat."}"# + "\n\n" + line + "\n"
    try folder.write(input, to: "bad.jsonl")
    let file = try await score(folder, ["--text-field", "text", "bad.jsonl"])
    #expect(file.exitCode == 65 && file.output.isEmpty)
    #expect(file.errors.contains("bad.jsonl, line 3: \(message)"), "\(file.errors)")
    let piped = try await score(folder, ["--text-field", "text"], input: input)
    #expect(piped.exitCode == 65)
    #expect(piped.errors.contains("standard input, line 3: \(message)"), "\(piped.errors)")
  }

  @Test(
    "what cuts texts in another way is refused with 64",
    arguments: [
      ["--documents", "line"], ["--anomaly", "--anomaly-from", "0.txt"], ["--nbest", "0.txt"],
      ["--format", "kenlm"],
    ])
  func refusals(options: [String]) async throws {
    let result = try await score(try folder(), ["--text-field", "text"] + options)
    #expect(result.exitCode == 64)
    #expect(result.errors.contains("--text-field"), "\(result.errors)")
    #expect(result.errors.contains(options[0]), "\(result.errors)")
  }
}
