import Foundation
import Testing
import TextLM
import TextLMTensors

@Suite("generate")
struct GenerateTests {
  private func generate(
    _ arguments: String..., input: String? = nil
  ) async throws -> ToolResult {
    let folder = try await ToolModel.folder()
    return try await folder.run(["generate", "-t", "1"] + arguments, input: input)
  }

  @Test("writes the prompt, so many characters and a line end; the seed is a note")
  func screen() async throws {
    let result = try await generate("-p", "The ", "-n", "40", "--seed", "9")
    #expect(result.exitCode == 0)
    #expect(result.output.hasPrefix("The ") && result.output.hasSuffix("\n"))
    #expect(result.output.count == 4 + 40 + 1)
    #expect(result.errors == "seed 9\n")
    let random = try await generate("-n", "5")
    #expect(random.errors.wholeMatch(of: #/seed \d+\n/#) != nil)
    let seed = String(random.errors.dropFirst(5).dropLast())
    let again = try await generate("-n", "5", "--seed", seed)
    #expect(again.output == random.output)
  }

  @Test("-n 0 writes the prompt alone, -n 1 one character more")
  func fewest() async throws {
    let none = try await generate("-p", "héllo", "-n", "0", "-q")
    #expect(none.output == "héllo\n")
    #expect(none.errors.isEmpty)
    #expect(try await generate("-p", "hello", "-n", "1", "-q").output.count == 7)
    #expect(try await generate("-n", "0", "-q").output == "\n")
  }

  @Test("the same seed gives the same text, another one another")
  func seeds() async throws {
    let first = try await generate("-n", "80", "--seed", "3", "-q")
    #expect(try await generate("-n", "80", "--seed", "3", "-q").output == first.output)
    #expect(try await generate("-n", "80", "--seed", "4", "-q").output != first.output)
  }

  @Test("--samples are the texts of consecutive seeds")
  func samples() async throws {
    let three = try await generate("-n", "30", "--samples", "3", "--seed", "5", "-q")
    var expected = ""
    for (index, seed) in ["5", "6", "7"].enumerated() {
      let one = try await generate("-n", "30", "--seed", seed, "-q")
      expected += "--- \(index + 1) ---\n" + one.output + (index < 2 ? "\n" : "")
    }
    #expect(three.output == expected)
  }

  @Test(
    "the likeliest alone: temperature 0, top-k 1, a tiny top-p and min-p 1 agree",
    arguments: [["--top-k", "1"], ["--top-p", "1e-9"], ["--min-p", "1"]])
  func greedy(options: [String]) async throws {
    let folder = try await ToolModel.folder()
    let base = ["generate", "-t", "1", "-n", "60", "-q", "-p", "The "]
    let greedy = try await folder.run(base + ["--temperature", "0", "--seed", "1"])
    let other = try await folder.run(base + ["--temperature", "0", "--seed", "2"])
    #expect(greedy.output == other.output)
    #expect(try await folder.run(base + ["--seed", "3"] + options).output == greedy.output)
    #expect(try await folder.run(base + ["--seed", "3"]).output != greedy.output)
  }

  @Test("a prompt in any script, from argument, file or standard input, is the same prompt")
  func prompts() async throws {
    let folder = try await ToolModel.folder()
    let prompt = "Ελλάδα 日本語 हिन्दी עברית 👩‍🌾 e\u{301} \0\u{1B}[31m\n"
    let own = try ToolFolder()
    try own.write(prompt, to: "prompt.txt")
    let model = folder.path("model.textlm")
    let base = ["generate", "-m", model, "-n", "20", "--seed", "1", "--format", "json"]
    let file = try await own.run(base + ["-f", "prompt.txt"])
    let input = try await own.run(base + ["-"], input: prompt)
    #expect(file.exitCode == 0)
    let row = try #require(try jsonLines(file.output).first)
    #expect(try row.string("prompt").utf8.elementsEqual(prompt.utf8))
    #expect(try jsonLines(input.output).first?.string("text") == row.string("text"))
    // An argument cannot hold NUL.
    let short = prompt.replacing("\0", with: "")
    try own.write(short, to: "short.txt")
    let argument = try await own.run(base + ["-p", short])
    let shortFile = try await own.run(base + ["-f", "short.txt"])
    #expect(
      try jsonLines(argument.output).first?.string("text")
        == jsonLines(shortFile.output).first?.string("text"))
  }

  @Test(
    "a prompt may look like an option", arguments: ["-n", "--temperature", "- item", "--x_y=1_2"])
  func dashes(prompt: String) async throws {
    for option in ["-p", "--prompt", "--start_text"] {
      let result = try await generate(option, prompt, "-n", "0", "-q")
      #expect(result.exitCode == 0, "\(result.errors)")
      #expect(result.output == prompt + "\n")
    }
  }

  @Test("--format json prints the object of the contract for each sample")
  func json() async throws {
    let result = try await generate(
      "-p", "The", "-n", "50", "--samples", "2", "--seed", "1", "--format", "json")
    #expect(result.exitCode == 0)
    #expect(result.errors == "seed 1\n")
    let rows = try jsonLines(result.output)
    #expect(rows.count == 2)
    for (index, row) in rows.enumerated() {
      #expect(
        try row.keys == [
          "prompt", "text", "tokens", "nats", "tokens_per_second", "finish_reason", "sample",
          "seed", "characters",
        ])
      let characters = try row.field("characters").elements()
      #expect(try characters.map { try $0.string("text") }.joined() == row.string("text"))
      #expect(try characters.allSatisfy { try $0.keys == ["text", "nats"] })
      let nats = try characters.reduce(0) { try $0 + $1.double("nats") }
      #expect(abs(try row.double("nats") - nats) < 1e-9)
      #expect(try row.int("sample") == index + 1)
      #expect(try row.int("seed") == index + 1)
      #expect(try row.string("prompt") == "The")
      #expect(try row.int("tokens") == 50)
      #expect(try row.string("text").count == 50)
      #expect(try row.string("finish_reason") == "length")
    }
    let guesses = try await generate(
      "-n", "5", "--seed", "1", "--format", "json", "--alternatives", "2")
    let guessed = try #require(try jsonLines(guesses.output).first).field("characters")
    for character in try guessed.elements() {
      #expect(try character.keys == ["text", "nats", "rank", "alternatives"])
      #expect(try character.field("alternatives").elements().count == 2)
    }
    let text = try await generate("-p", "The", "-n", "50", "--seed", "1", "-q")
    #expect(try "The" + rows[0].string("text") + "\n" == text.output)
  }

  @Test("nats are those that score gives the same characters")
  func nats() async throws {
    let folder = try await ToolModel.folder()
    let generated = try await generate(
      "-p", "In the ", "-n", "60", "--temperature", "0", "--format", "json", "-q")
    let row = try #require(try jsonLines(generated.output).first)
    let text = try "In the " + row.string("text")
    let scored = try await folder.run(
      ["score", "--per", "token", "--format", "json", "-q"], input: text)
    let tokens = try jsonLines(scored.output).suffix(60)
    let nats = try tokens.reduce(0) { try $0 + $1.double("nats") }
    // Single-precision sums in another order.
    #expect(abs(try row.double("nats") - nats) < 1e-3)
    // At temperature 0 each character is the likeliest, but for the two tokens that have no text.
    for token in tokens { #expect(try token.int("rank") <= 3) }
  }

  @Test("--verbose tells about the model and the speed; other tools' names work")
  func verbose() async throws {
    let result = try await generate("--max_new_tokens", "9", "--temp", "0", "-v")
    #expect(result.exitCode == 0)
    #expect(result.errors.contains("model.textlm: lstm with "))
    #expect(result.errors.contains("1 threads, "))
    #expect(result.errors.contains("\n9 tokens, "))
    let alias = try await ToolModel.folder().run("sample", "-n", "9", "--temperature", "0", "-q")
    #expect(alias.output == result.output)
  }

  @Test("ends quietly when the reader goes away")
  func brokenPipe() async throws {
    let folder = try await ToolModel.folder()
    let own = try ToolFolder()
    let tool = try ToolBinary.path()
    try own.write(
      """
      { "\(tool)" generate -m "\(folder.path("model.textlm"))" -n 1000000 -p Q; echo $? >&2; } \
      | head -c1
      """, to: "script.sh")
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = [own.path("script.sh")]
    let output = Pipe()
    let errors = Pipe()
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    process.waitUntilExit()
    let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    #expect(output.fileHandleForReading.readDataToEndOfFile() == Data("Q".utf8))
    #expect(text.wholeMatch(of: #/seed \d+\n0\n/#) != nil, "\(text)")
  }

  @Test("control characters go into a pipe as they are")
  func controls() async throws {
    let result = try await generate("-p", "a\u{1B}[31mb\u{202E}", "-n", "0", "-q")
    #expect(result.output == "a\u{1B}[31mb\u{202E}\n")
  }

  @Test("TEXTLM_MODEL names the model, and -m wins over it")
  func environment() async throws {
    let folder = try await ToolModel.folder()
    let own = try ToolFolder()
    let variables = ["TEXTLM_MODEL": folder.path("model.textlm")]
    let base = ["generate", "-n", "5", "--seed", "1", "-q"]
    let named = try await own.run(base, environment: variables)
    #expect(named.exitCode == 0, "\(named.errors)")
    #expect(named.output.count == 6)
    let missing = try await own.run(base + ["-m", "nowhere"], environment: variables)
    #expect(missing.exitCode == 74)
    #expect(missing.errors.contains("nowhere: no such model"))
    let wrong = try await own.run(base, environment: ["TEXTLM_MODEL": "nowhere"])
    #expect(wrong.errors.contains("nowhere (from TEXTLM_MODEL): no such model"))
  }
}
