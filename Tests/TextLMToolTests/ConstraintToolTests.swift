import Foundation
import Testing
import TextLM
import TextLMTensors

@Suite("generate: constraints")
struct ConstraintToolTests {
  private func texts(_ options: [String], files: [String: String] = [:]) async throws -> [String] {
    let folder = try await ToolModel.folder()
    let own = try ToolFolder()
    for (name, content) in files { try own.write(content, to: name) }
    let result = try await own.run(
      [
        "generate", "-m", folder.path("model.textlm"), "-t", "1", "-q", "--seed", "3", "-n", "60",
        "--samples", "40", "--format", "json",
      ] + options)
    #expect(result.exitCode == 0, "\(result.errors)")
    return try jsonLines(result.output).map { try $0.string("text") }
  }

  @Test("--without makes a lipogram, --only keeps to a set")
  func sets() async throws {
    let lipograms = try await texts(["--without", "[eE]"])
    #expect(lipograms.allSatisfy { $0.count == 60 && !$0.contains("e") && !$0.contains("E") })
    let vowels = try await texts(["--only", "[aeiou\\ ]"])
    #expect(vowels.allSatisfy { $0.count == 60 && $0.allSatisfy { "aeiou ".contains($0) } })
  }

  @Test("--words keeps to the words of a file")
  func words() async throws {
    let found = try await texts(
      ["--words", "words.txt"], files: ["words.txt": "the\nsea\r\nharbour\n\nEve\n"])
    let allowed: Set = [
      "the", "The", "THE", "sea", "Sea", "SEA", "harbour", "Harbour", "HARBOUR", "Eve",
    ]
    for text in found {
      for word in text.split(whereSeparator: { !$0.isLetter && !$0.isNumber }) {
        #expect(allowed.contains(String(word)), "\(text)")
      }
    }
  }

  @Test("words that cannot be written are told, and the others are written")
  func unwritableWords() async throws {
    let folder = try await ToolModel.folder()
    let own = try ToolFolder()
    try own.write("the\nsea\n\u{65E5}\u{672C}\n", to: "words.txt")
    let result = try await own.run([
      "generate", "-m", folder.path("model.textlm"), "-t", "1", "-n", "9", "--words", "words.txt",
    ])
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(
      result.errors.contains(
        "note: 1 of 3 words of words.txt cannot be written: the model lacks '\u{65E5}', '\u{672C}'\n"
      ))
  }

  @Test("--regex and --must-include hold, together too")
  func patterns() async throws {
    let options = ["--regex", "[A-Z][a-z]+( [a-z]+)*\\.", "--must-include", "the sea"]
    for text in try await texts(options) {
      #expect(try Regex("[A-Z][a-z]+( [a-z]+)*\\.").wholeMatch(in: text) != nil, "\(text)")
      #expect(text.contains("the sea"), "\(text)")
    }
  }

  @Test("--stop and --min-tokens hold together with constraints")
  func ends() async throws {
    let found = try await texts(
      ["--only", "[a-z\\ ]", "--stop", "he", "--stop", "\n", "--min-tokens", "20"])
    for text in found {
      #expect(text.count >= 20 && text.count <= 60 && !text.contains("he"), "\(text)")
      #expect(text.allSatisfy { $0 == " " || "a"..."z" ~= $0 }, "\(text)")
    }
    #expect(found.contains { $0.count < 60 })
  }

  @Test("a constraint changes nothing but what it forbids")
  func nothing() async throws {
    let free = try await texts([])
    #expect(try await texts(["--regex", "[\\s\\S]*"]) == free)
  }

  @Test(
    "what cannot be is refused",
    arguments: [
      (["--regex", "a("], 64, "cannot be read at character 2: a ( without its )"),
      (["--must-include", "\u{5B57}"], 64, "--must-include cannot be satisfied: the model lacks"),
      (["--must-include", "abcdef", "-n", "5"], 64, "needs at least 6 tokens, but -n allows 5"),
      (["--only", "[a-"], 64, "--only cannot be read as a set of characters"),
      (["--only", "[]"], 64, "--only cannot be satisfied: its set is empty"),
      (["--only", "[\u{5B57}]"], 64, "the model's vocabulary has no character of its set"),
      (["--regex", ""], 64, "--regex cannot be satisfied: its pattern is empty"),
      (["--regex", "a\u{5B57}"], 64, "the model lacks characters that it needs: '\u{5B57}'; see"),
      (
        ["--must-include", "a\u{5B57}", "--until", "sentence"], 64,
        "--must-include cannot be satisfied: the model lacks characters that it needs: '\u{5B57}'"
      ),
      (["--words", "none.txt"], 65, "none.txt: there are no words in it"),
      (["--words", "missing.txt"], 74, "missing.txt"),
      (["--must-include", ""], 64, "--must-include is empty"),
      (["--only", "[a-c]", "--must-include", "the"], 64, "cannot be satisfied together"),
      (
        ["--must-include", "the", "--stop", "h"], 64,
        "--must-include and --stop cannot be satisfied together"
      ),
      (
        ["--regex", "(the )*the", "--min-tokens", "4", "-n", "6"], 64,
        "--min-tokens and --regex cannot be given together: no text that is allowed has at least 4 and"
      ),
      (
        ["--only", "[a-z]", "--words", "lacking.txt"], 64,
        "--words cannot be satisfied: 2 of 2 words of lacking.txt cannot be written: the model lacks "
          + "'\u{65E5}', '\u{672C}'; see which characters the model has with `textlm vocab MODEL`"
      ),
      (["--words", "directory/none.txt"], 65, "directory/none.txt: there are no words in it"),
    ] as [([String], Int32, String)])
  func refused(options: [String], code: Int32, message: String) async throws {
    let folder = try await ToolModel.folder()
    let own = try ToolFolder()
    try own.write("\n\n", to: "none.txt")
    try own.write("\u{65E5}\u{672C}\n\u{672C}\n", to: "lacking.txt")
    try FileManager.default.createDirectory(
      atPath: own.path("directory"), withIntermediateDirectories: false)
    try own.write("\n", to: "directory/none.txt")
    let result = try await own.run(
      ["generate", "-m", folder.path("model.textlm"), "-q"] + options)
    #expect(result.exitCode == code)
    #expect(result.output.isEmpty)
    #expect(result.errors.contains(message), "\(result.errors)")
  }
}
