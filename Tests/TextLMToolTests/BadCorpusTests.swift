import Foundation
import Testing
import TextLMTensors

@Suite("a corpus that cannot be used")
struct BadCorpusTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]
    let message: String

    init(_ name: String, _ bytes: [UInt8], _ message: String) {
      testDescription = name
      self.bytes = bytes
      self.message = message
    }
  }

  static let cases = [
    Case("empty", [], "bad.txt: 0 characters of text, but a model needs at least 2"),
    Case("only a byte-order mark", [0xEF, 0xBB, 0xBF], "bad.txt: 0 characters of text"),
    Case("one character", Array("a".utf8), "bad.txt: 1 characters of text"),
    Case("only a line end", Array("\n".utf8), "bad.txt: 1 characters of text"),
    Case("one symbol", Array("aaaaaaaaaaaaaaaa".utf8), "has only one distinct symbol"),
    Case(
      "invalid UTF-8", Array("fine\nline ".utf8) + [0xFF] + Array(" rest".utf8),
      "bad.txt: not UTF-8 at byte offset 10, line 2"),
    Case("cut UTF-8", Array("fine".utf8) + [0xE2, 0x82], "not UTF-8 at byte offset 4, line 1"),
    Case("a surrogate", Array("ab".utf8) + [0xED, 0xA0, 0x80], "not UTF-8 at byte offset 2"),
    Case(
      "UTF-16 without a mark", "abcd\n".utf16.flatMap { [UInt8($0), 0] },
      "looks like UTF-16LE without BOM"),
  ]

  @Test("is refused with 65, what, where, and how to go on, and no folder", arguments: cases)
  func refused(_ bad: Case) async throws {
    let folder = try ToolFolder()
    try folder.write(Data(bad.bytes), to: "bad.txt")
    let result = try await folder.run(["train", "bad.txt", "--max-steps", "3"] + ToolModel.small)
    #expect(result.exitCode == 65)
    #expect(result.output.isEmpty)
    #expect(result.errors.contains(bad.message), "\(result.errors)")
    // How to go on.
    #expect(result.errors.contains("give a") || result.errors.contains("--encoding"))
    #expect(try folder.names() == ["bad.txt"])
    let input = try await folder.run(
      ["train", "-", "--max-steps", "3"] + ToolModel.small, prelude: "exec < bad.txt")
    #expect(input.exitCode == 65)
    #expect(try folder.names() == ["bad.txt"])
  }

  @Test("missing, or a folder without files: 74")
  func noFile() async throws {
    let folder = try ToolFolder()
    let missing = try await folder.run("train", "nowhere.txt")
    #expect(missing.exitCode == 74)
    #expect(
      missing.errors
        == "textlm: error: nowhere.txt: no such file or folder; check the spelling\n")
    let other = try await folder.run("train", ".")
    #expect(other.exitCode == 74)
    #expect(
      other.errors == """
        textlm: error: .: a folder without files to read (names with a dot in front are skipped); \
        choose another folder, or name the files\n
        """)
    #expect(try folder.names() == [])
  }

  @Test("unreadable: 74", .enabled(if: Unprivileged.isPossible, "needs setpriv when run as root"))
  func unreadable() async throws {
    let folder = try ToolFolder()
    try folder.write("some text", to: "secret.txt")
    chmod(folder.path("secret.txt"), 0)
    let result = try await folder.run(
      ["train", "secret.txt"], wrapper: Unprivileged.wrapper)
    #expect(result.exitCode == 74)
    #expect(
      result.errors == """
        textlm: error: secret.txt: opening failed: Permission denied; check the permissions of \
        the file and its folder\n
        """)
  }

  @Test(
    "a short text gets a smaller batch and shorter windows, and says so",
    arguments: [
      (4, "batch 1 x 3 "), (40, "batch 1 x 16 "), (100, "batch 3 x 16 "),
    ])
  func short(characterCount: Int, shape: String) async throws {
    let folder = try ToolFolder()
    try folder.write(try ToolCorpora.harbour(characters: characterCount), to: "short.txt")
    let result = try await folder.run(
      ["train", "short.txt", "--max-steps", "3", "--validation-fraction", "0"] + ToolModel.small)
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(
      result.errors.contains(
        "note: the text has only \(characterCount) characters: \(shape)instead of 8 x 16"),
      "\(result.errors)")
    let text = try await folder.run("generate", "-n", "3")
    #expect(text.exitCode == 0)
  }

  @Test("NUL bytes and control characters are ordinary text")
  func controls() async throws {
    let folder = try ToolFolder()
    var text = ""
    for _ in 0..<40 { text += "a\0b\u{1B}[2Jc\u{85}\u{2028}\r\n" }
    try folder.write(text, to: "corpus.txt")
    let result = try await folder.run(
      ["train", "corpus.txt", "--max-steps", "3"] + ToolModel.small)
    #expect(result.exitCode == 0, "\(result.errors)")
    let units = try await folder.run("inspect", "-v", "--format", "json")
    for unit in ["\\u0000", "\\u001b", "\\u2028", "\\u0085", "\\r"] {
      #expect(units.output.contains("{\"text\":\"\(unit)\""), "\(unit)")
    }
    let score = try await folder.run("score", "corpus.txt", "--format", "json")
    #expect(try jsonLines(score.output).first?.int("unknown") == 0)
  }
}
