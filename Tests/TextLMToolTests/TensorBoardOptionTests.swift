import Foundation
import Testing
import TextLM

@Suite("train --tensorboard")
struct TensorBoardOptionTests {
  /// The data of each record of an event file, whose lengths must add up.
  private func records(_ bytes: Data) throws -> [Data] {
    var records: [Data] = []
    var rest = bytes
    while !rest.isEmpty {
      try #require(rest.count >= 16)
      let length = rest.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
      try #require(rest.count >= length + 16)
      records.append(rest.dropFirst(12).prefix(length))
      rest = rest.dropFirst(length + 16)
    }
    return records
  }

  private func count(_ text: String, in records: [Data]) -> Int {
    records.count { $0.range(of: Data(text.utf8)) != nil }
  }

  @Test("writes an event for each step, evaluation and text, and a second file after --resume")
  func events() async throws {
    let folder = try ToolFolder()
    try folder.write(try ToolCorpora.harbour(characters: 6000), to: "corpus.txt")
    let arguments = ["train", "corpus.txt", "-q", "--tensorboard", "board", "--eval-every", "5"]
    let result = try await folder.run(
      arguments + ["--max-steps", "10", "-o", "my.textlm"] + ToolModel.small)
    #expect(result.exitCode == 0, "\(result.errors)")
    let names = try folder.names(in: "board/my")
    try #require(names.count == 1 && names[0].hasPrefix("events.out.tfevents."))
    let first = try records(folder.bytes("board/my/\(names[0])"))
    // The version and the start before ten steps, two evaluations and two texts.
    #expect(first.count == 16)
    #expect(count("brain.Event:2", in: first) == 1)
    for tag in ["loss", "learning_rate", "gradient_norm", "tokens_per_second", "epoch"] {
      #expect(count("train/\(tag)", in: first) == 10)
    }
    for tag in ["loss", "bits_per_character", "perplexity"] {
      #expect(count("validation/\(tag)", in: first) == 2)
    }
    #expect(count("sample", in: first) == 2)

    let again = try await folder.run(
      arguments + ["--max-steps", "14", "-o", "my.textlm", "--resume"] + ToolModel.small)
    #expect(again.exitCode == 0, "\(again.errors)")
    let both = try folder.names(in: "board/my")
    try #require(both.count == 2 && both[0] == names[0])
    let second = try records(folder.bytes("board/my/\(both[1])"))
    #expect(count("train/loss", in: second) == 4)
    // Steps from 11 on begin anew, and the file before is as it was.
    #expect(second[1].suffix(6).elementsEqual([0x10, 11, 0x3A, 2, 8, 1]))
    #expect(try records(folder.bytes("board/my/\(both[0])")) == first)
  }

  @Test("a folder that cannot be made is refused before training")
  func refusal() async throws {
    let folder = try ToolFolder()
    try folder.write(try ToolCorpora.harbour(characters: 6000), to: "corpus.txt")
    let result = try await folder.run(
      ["train", "corpus.txt", "--max-steps", "4", "--tensorboard", "corpus.txt"] + ToolModel.small)
    #expect(result.exitCode == 74)
    #expect(result.errors.contains("corpus.txt: is not a folder"))
  }
}
