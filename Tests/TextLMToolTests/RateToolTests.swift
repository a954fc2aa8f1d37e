import Testing
import TextLM

@Suite("train --freeze, --lr-factor and --unfreeze-every")
struct RateToolTests {
  private func folder() async throws -> (folder: ToolFolder, donor: String) {
    let folder = try ToolFolder()
    try folder.write(try ToolCorpora.harbour(characters: 3000), to: "corpus.txt")
    return (folder, try await ToolModel.folder().path("model.textlm"))
  }

  private func values(_ path: String) throws -> [String: [Float]] {
    let model = try TextModel(contentsOf: path)
    return Dictionary(
      uniqueKeysWithValues: model.languageModel.parameters.map { ($0.path, $0.value.array) })
  }

  @Test("what is frozen stays as it was taken over, and the rest learns")
  func freezing() async throws {
    let (folder, donor) = try await folder()
    let arguments = [
      "train", "corpus.txt", "--init-from", donor, "--max-steps", "4", "--batch-size", "4",
      "--seq-length", "16",
    ]
    let rates = [
      "--freeze", "rnn.*", "--freeze", "head.bias", "--lr-factor", "head.weight=0.5",
    ]
    let result = try await folder.run(arguments + rates)
    #expect(result.exitCode == 0, "\(result.errors)")
    let (old, new) = (try values(donor), try values(folder.path("model.textlm")))
    for (path, value) in new where path.hasPrefix("rnn.") { #expect(value == old[path], "\(path)") }
    #expect(new["head.weight"] != old["head.weight"])

    let again = try await folder.run(["train", "corpus.txt", "--resume"] + rates)
    #expect(again.exitCode == 0, "\(again.errors)")
    for (option, text) in [
      (["--freeze", "rnn.*"], "--freeze is rnn.*, but the run began with rnn.*, head.bias"),
      (["--lr-factor", "rnn.*=2"], "--lr-factor is rnn.*=2, but the run began with "),
      (["--unfreeze-every", "2"], "--unfreeze-every is 2, but the run began with none"),
    ] {
      let other = try await folder.run(["train", "corpus.txt", "--resume"] + option)
      #expect(other.exitCode == 64)
      #expect(other.errors.contains(text), "\(other.errors)")
    }
  }

  @Test("--unfreeze-every begins with the output alone, and says what learns when")
  func unfreezing() async throws {
    let (folder, donor) = try await folder()
    let arguments = [
      "train", "corpus.txt", "--init-from", donor, "--batch-size", "4", "--seq-length", "32",
      "--unfreeze-every", "1", "--max-steps", "4",
    ]
    // 2700 characters are 22 windows of 4 x 32, so that 4 steps are within the first epoch.
    let result = try await folder.run(arguments)
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(
      result.errors.contains(
        "note: unfreezing, one more after each epoch: output, layer 0, embedding"),
      "\(result.errors)")
    let (old, new) = (try values(donor), try values(folder.path("model.textlm")))
    for (path, value) in new where path.hasPrefix("rnn.") { #expect(value == old[path], "\(path)") }
    #expect(new["head.weight"] != old["head.weight"])
  }

  @Test("patterns that fit nothing are refused with the list, and so is freezing everything")
  func refusals() async throws {
    let folder = try ToolFolder()
    try folder.write(try ToolCorpora.harbour(characters: 3000), to: "corpus.txt")
    for (arguments, text) in [
      (["--freeze", "gru.*"], "no parameter's path fits gru.*; they are\n  embedding.weight\n"),
      (["--lr-factor", "nowhere=2"], "no parameter's path fits nowhere"),
      (["--lr-factor", "rnn.*"], "must be a pattern over paths and a number"),
      (["--freeze", "*"], "nothing would learn"),
      (["--unfreeze-every", "0"], "--unfreeze-every is 0, but must be 1 or more"),
    ] {
      for dry in [[], ["--dry-run"]] {
        let result = try await folder.run(
          ["train", "corpus.txt", "--max-steps", "2"] + ToolModel.small + arguments + dry)
        #expect(result.exitCode == 64, "\(arguments)")
        #expect(result.errors.contains(text), "\(result.errors)")
        #expect(!folder.contains("model.textlm"))
      }
    }
  }
}
