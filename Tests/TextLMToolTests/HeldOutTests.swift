import Foundation
import Testing
import TextLM
import TextLMTensors

@Suite("what training measured and what score measures")
struct HeldOutTests {
  /// Ways to train in which the last tenth of a text is held out.
  private static let ways = [
    ToolModel.small + ["--max-steps", "40"],
    ToolModel.small + ["--max-steps", "40", "--direction", "backward"],
    ToolModel.small + ["--max-steps", "20", "--unit", "word", "--max-vocabulary", "400"],
    ["--arch", "ngram", "--order", "4"],
  ]

  /// The text is long enough to be read in stretches, and has characters that are not in what is
  /// learned from.
  private func folder() throws -> ToolFolder {
    let folder = try ToolFolder()
    var characters = Array(try ToolCorpora.harbour(characters: 100_000))
    for place in [90_003, 95_000, 99_999] { characters[place] = "\u{2603}" }
    try folder.write(String(characters), to: "corpus.txt")
    try folder.write(String(characters.prefix(90_000)), to: "first.txt")
    try folder.write(String(characters.suffix(10_000)), to: "tail.txt")
    return folder
  }

  private func json(_ folder: ToolFolder, _ arguments: [String]) async throws -> [JSONField] {
    let result = try await folder.run(arguments + ["--format", "json", "-q"])
    #expect(result.exitCode == 0, "\(result.errors)")
    return try jsonLines(result.output)
  }

  @Test("The held-out part costs in score what training said it does", arguments: ways)
  func tail(way: [String]) async throws {
    let folder = try folder()
    let training = try await json(folder, ["train", "corpus.txt"] + way)
    let expected = try #require(training.first).field("validation")
    let scored = try #require(try await json(folder, ["score", "tail.txt", "-t", "1"]).first)
    for key in ["nats_per_token", "bits_per_character", "bits_per_byte", "perplexity"] {
      let (found, wanted) = (try scored.double(key), try expected.double(key))
      #expect(abs(found / wanted - 1) < 1e-6, "\(key) is \(found), training said \(wanted)")
    }
    #expect(try scored.int("tokens") == expected.int("tokens"))
    #expect(try scored.int("characters") == 10_000)

    let tokens = try await json(folder, ["score", "tail.txt", "-t", "1", "--per", "token"])
    let sum = try tokens.reduce(0) { try $0 + $1.double("nats") }
    #expect(tokens.count == (try scored.int("tokens")))
    #expect(abs(sum / (try scored.double("nats")) - 1) < 1e-9)
  }

  @Test("So does a text of its own to measure on, also one of several documents")
  func files() async throws {
    let folder = try folder()
    for documents in [[], ["--documents", "blank-line"]] {
      let training = try await json(
        folder,
        ["train", "first.txt", "--validation", "tail.txt", "--max-steps", "40", "--overwrite"]
          + ToolModel.small + documents)
      let expected = try #require(training.first).field("validation")
      let scored = try #require(
        try await json(folder, ["score", "tail.txt", "-t", "1"] + documents).first)
      let (found, wanted) = (
        try scored.double("nats_per_token"), try expected.double("nats_per_token")
      )
      #expect(abs(found / wanted - 1) < 1e-6, "\(documents): \(found), training said \(wanted)")
      #expect(try scored.int("tokens") == expected.int("tokens"))
    }
  }
}
