import Foundation
import Testing
import TextLM

@Suite("train --tensorboard")
struct TensorBoardOptionTests {
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
    let first = try EventFile(folder.bytes("board/my/\(names[0])"))
    // The version and the start before ten steps, two evaluations and two texts.
    #expect(first.records.count == 16)
    #expect(first.count("brain.Event:2") == 1)
    for tag in ["loss", "learning_rate", "gradient_norm", "tokens_per_second", "epoch"] {
      #expect(first.count("train/\(tag)") == 10)
    }
    for tag in ["loss", "bits_per_character", "perplexity"] {
      #expect(first.count("validation/\(tag)") == 2)
    }
    #expect(first.count("sample") == 2)

    let again = try await folder.run(
      arguments + ["--max-steps", "14", "-o", "my.textlm", "--resume"] + ToolModel.small)
    #expect(again.exitCode == 0, "\(again.errors)")
    let both = try folder.names(in: "board/my")
    try #require(both.count == 2 && both[0] == names[0])
    let second = try EventFile(folder.bytes("board/my/\(both[1])"))
    #expect(second.count("train/loss") == 4)
    // Steps from 11 on begin anew, and the file before is as it was.
    #expect(second.begins(after: 10))
    #expect(try EventFile(folder.bytes("board/my/\(both[0])")) == first)
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
