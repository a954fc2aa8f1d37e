import Testing
import TextLM

@Suite("train --direction, fill and rank")
struct DirectionToolTests {
  private func folder() async throws -> ToolFolder {
    let folder = try ToolFolder()
    let words = ["the quick brown fox ran home.\n", "the quick brown dog sat down.\n"]
    try folder.write((0..<200).map { words[$0 % 2] }.joined(), to: "corpus.txt")
    for direction in ["forward", "backward"] {
      let trained = try await folder.run(
        "train", "corpus.txt", "-o", direction, "--direction", direction, "--hidden-size", "32",
        "--layers", "1", "--max-steps", "150", "--lr", "0.02", "--batch-size", "8", "--seq-length",
        "32", "--no-samples")
      #expect(trained.exitCode == 0, "\(trained.errors)")
    }
    return folder
  }

  @Test("gaps are filled by one model or two, and texts ranked")
  func filling() async throws {
    let folder = try await folder()
    for more in [[], ["--backward", "backward"]] {
      let text = try await folder.run(
        ["fill", "the qu[?]ck br[??]n fox", "-m", "forward", "-n", "2"] + more)
      #expect(text.exitCode == 0, "\(text.errors)")
      let lines = text.output.split(separator: "\n")
      #expect(lines.count == 2 && lines[0].hasSuffix("  the quick brown fox"))
      let json = try await folder.run(
        ["fill", "the quick b[?]own", "-m", "forward", "--format", "json"] + more)
      let row = try #require(try jsonLines(json.output).first)
      #expect(try row.string("text") == "the quick brown")
      #expect(try row.field("gaps").elements().map { try $0.string() } == ["r"])
      #expect(try row.double("share") > 0.9)
      #expect(try (row.optionalField("backward_nats") != nil) == !more.isEmpty)
    }
    let ranked = try await folder.run(
      "rank", "the qiuck brown", "the quick brown", "-m", "forward", "--backward", "backward")
    #expect(ranked.exitCode == 0, "\(ranked.errors)")
    let lines = ranked.output.split(separator: "\n")
    #expect(lines.count == 2 && lines[0].hasSuffix("  the quick brown"))
    let piped = try await folder.run(
      ["rank", "-", "-m", "forward", "--per-character", "--format", "json"],
      input: "the\nthe quick brown fox ran home.\n")
    let rows = try jsonLines(piped.output)
    #expect(try rows.map { try $0.int("characters") }.sorted() == [3, 29])
  }

  @Test("a backward model is scored and writes what stands in front")
  func backward() async throws {
    let folder = try await folder()
    let scored = try await folder.run(["score", "-m", "backward", "corpus.txt"])
    #expect(scored.exitCode == 0, "\(scored.errors)")
    let text = try await folder.run(
      "generate", "-m", "backward", "--prompt", " brown fox", "-n", "6", "--temperature", "0.1",
      "-q")
    #expect(text.output.hasSuffix("quick brown fox\n"), "\(text.output)")
    let json = try await folder.run(
      "generate", "-m", "backward", "--prompt", " brown", "-n", "5", "--temperature", "0.1",
      "--format", "json")
    #expect(try #require(try jsonLines(json.output).first).string("text") == "quick")
    let resumed = try await folder.run(
      "train", "corpus.txt", "--resume", "-o", "backward", "--direction", "forward")
    #expect(resumed.exitCode == 64)
    #expect(
      resumed.errors.contains("--direction is forward, but the run began with backward"),
      "\(resumed.errors)")
    let other = try await folder.run(
      "train", "corpus.txt", "--resume", "-o", "forward", "--direction", "backward")
    #expect(other.exitCode == 64)
  }

  @Test("what makes no sense is refused")
  func refusals() async throws {
    let folder = try await folder()
    for (arguments, text) in [
      (["fill", "no gap", "-m", "forward"], "\"no gap\" has no gap: write [?]"),
      (["fill", "[?]", "-m", "backward"], "backward reads backward: give it with --backward"),
      (["fill", "[?]", "-m", "forward", "--backward", "forward"], "forward reads forward"),
      (["fill", "[?]", "-n", "0"], "-n is 0, but must be from 1"),
      (["fill", "[?]", "--beam", "0"], "--beam is 0, but must be from 1"),
      (["train", "corpus.txt", "--direction", "up"], "The value 'up' is invalid"),
      (["train", "corpus.txt", "--arch", "bilstm"], "bilstm reads from both ends"),
    ] {
      let result = try await folder.run(arguments)
      #expect(result.exitCode == 64, "\(arguments): \(result.errors)")
      #expect(result.errors.contains(text), "\(result.errors)")
    }
    let empty = try await folder.run("rank", "a", "", "-m", "forward")
    #expect(empty.exitCode == 65 && empty.errors.contains("text 2 is empty"))
  }
}
