import Testing
import TextLM
import TextLMTensors

@Suite("generate: choice of characters")
struct SamplingToolTests {
  private func generate(_ options: [String]) async throws -> ToolResult {
    let folder = try await ToolModel.folder()
    return try await folder.run(
      ["generate", "-t", "1", "-q", "-p", "The ", "--seed", "3"] + options)
  }

  @Test(
    "every option changes the text, in every spelling",
    arguments: [
      ["--top-k", "2"], ["--top-p", "0.5"], ["--min-p", "0.3"], ["--typical", "0.4"],
      ["--epsilon", "0.1"], ["--eta", "0.3"], ["--top-n-sigma", "1"],
      ["--xtc-probability", "1", "--xtc-threshold", "0.05"],
      ["--xtc-probability", "1", "--xtc-inside-words"],
      ["--mirostat", "1"], ["--mirostat", "2"], ["--mirostat", "2", "--mirostat-tau", "4"],
      ["--mirostat", "2", "--mirostat-eta", "3"],
      ["--no-repeat", "2"], ["--dry", "9", "--dry-length", "1"],
      ["--dry", "9", "--dry-length", "1", "--dry-window", "9"],
      ["--dry", "9", "--dry-length", "1", "--dry-breakers", " e"],
      ["--dry", "0.5", "--dry-length", "1", "--dry-base", "5"],
      ["--repetition-penalty", "3"], ["--repeat_penalty", "3", "--repeat_last_n", "3"],
      ["--frequency-penalty", "1"], ["--presence-penalty", "2"],
      ["--logit-bias", "e=-9"], ["--temperature-end", "3"], ["--temperature-word-start", "3"],
    ])
  func everyOption(options: [String]) async throws {
    let plain = try await generate(["-n", "200"])
    let changed = try await generate(["-n", "200"] + options)
    #expect(changed.exitCode == 0, "\(changed.errors)")
    #expect(changed.output != plain.output)
    #expect(changed.output == (try await generate(["-n", "200"] + options)).output)
  }

  @Test("words begin livelier unless a temperature is given, which holds everywhere")
  func standardTemperatures() async throws {
    let plain = try await generate(["-n", "200"]).output
    let said = ["-n", "200", "--temperature", "0.7", "--temperature-word-start", "1"]
    #expect(try await generate(said).output == plain)
    #expect(try await generate(["-n", "200"] + said.suffix(2)).output == plain)
    let everywhere = try await generate(["-n", "200", "--temperature", "0.7"]).output
    #expect(everywhere != plain)
    for options in [["--temperature-word-start", "0.7"], ["--temperature-end", "0.7"]] {
      #expect(try await generate(["-n", "200"] + options).output == everywhere)
    }
  }

  @Test("a character with a great bias comes always, with a small one never")
  func bias() async throws {
    let never = try await generate(["-n", "300", "--logit-bias", "e=-100"])
    #expect(!never.output.dropFirst(4).contains("e"))
    let always = try await generate(["-n", "20", "--logit-bias", "e=100"])
    #expect(always.output == "The " + String(repeating: "e", count: 20) + "\n")
  }

  @Test("without repeated sequences there are none, and with temperature 0 text loops")
  func loops() async throws {
    func repeats(_ text: String, _ length: Int) -> Bool {
      let characters = Array(text)
      let parts = (0...characters.count - length).map { String(characters[$0..<$0 + length]) }
      return Set(parts).count < parts.count
    }
    let greedy = ["-n", "400", "--temperature", "0"]
    #expect(repeats(try await generate(greedy).output, 20))
    #expect(!repeats(try await generate(greedy + ["--no-repeat", "20"]).output, 20))
    #expect(!repeats(try await generate(greedy + ["--dry", "1"]).output, 40))
  }

  @Test("the order can be changed")
  func order() async throws {
    let options = ["-n", "200", "--temperature", "3", "--top-p", "0.6"]
    let standard = try await generate(options)
    let other = try await generate(options + ["--sampler-order", "top-p,temperature"])
    #expect(other.exitCode == 0, "\(other.errors)")
    #expect(other.output != standard.output)
    let same = try await generate(options + ["--samplers", "temperature,dry,top-p"])
    #expect(same.output == standard.output)
  }

  @Test("a character that the model does not have is refused")
  func unknown() async throws {
    let result = try await generate(["--logit-bias", "\u{5B57}=1"])
    #expect(result.exitCode == 64)
    #expect(result.errors.contains("logit-bias: the model has no token for '\u{5B57}'"))
    let breakers = try await generate(["--dry", "1", "--dry-breakers", ".\u{5B57}"])
    #expect(breakers.exitCode == 64)
    #expect(breakers.errors.contains("--dry-breakers: the model has no token for"))
  }

  @Test("two numbers of one character are refused with both")
  func twice() async throws {
    let result = try await generate(["--logit-bias", "e=1", "--logit-bias", "e=-2.5"])
    #expect(result.exitCode == 64)
    #expect(
      result.errors.contains("--logit-bias 'e=1' and --logit-bias 'e=-2.5' cannot be given"),
      "\(result.errors)")
  }
}

@Suite("generate: ends and rows")
struct WritingToolTests {
  private func generate(_ options: [String]) async throws -> ToolResult {
    let folder = try await ToolModel.folder()
    return try await folder.run(["generate", "-t", "1", "-q", "--seed", "3"] + options)
  }

  private func row(_ options: [String]) async throws -> JSONField {
    let result = try await generate(options + ["--format", "json"])
    #expect(result.exitCode == 0, "\(result.errors)")
    return try #require(try jsonLines(result.output).first)
  }

  @Test("--stop ends in front of the text that comes first, even one like an option")
  func stop() async throws {
    let whole = try await row(["-n", "400"]).string("text")
    let ended = try await row(["-n", "400", "--stop", "--x_y", "--stop", "the"])
    let first = try #require(whole.firstRange(of: "the"))
    #expect(try ended.string("text") == whole[..<first.lowerBound])
    #expect(try ended.string("finish_reason") == "stop")
    #expect(try ended.int("tokens") == ended.string("text").count)
    #expect(try await row(["-n", "40", "--stop", "#"]).string("finish_reason") == "length")
  }

  @Test("an end that cannot come is told, and no error")
  func impossibleEnds() async throws {
    let folder = try await ToolModel.folder()
    func notes(_ options: [String]) async throws -> String {
      let result = try await folder.run(["generate", "-t", "1", "-n", "9"] + options)
      #expect(result.exitCode == 0, "\(result.errors)")
      return result.errors
    }
    #expect(
      try await notes(["--stop", "the", "--stop", "a\u{5B57}"]).contains(
        "note: --stop 'a\u{5B57}' cannot come: the model's vocabulary lacks '\u{5B57}'\n"))
    #expect(
      try await notes(["--until", "line", "--regex", "[a-z]+"]).contains(
        "note: --until line ends nothing: under --regex no text has the end of a line\n"))
    #expect(
      try await notes(["--until", "sentence", "--regex", "[a-z]+"]).contains(
        "note: --until sentence ends nothing: under --regex no text has a mark that ends a sentence\n"
      ))
    // What a constraint excludes may still come as a stop text, which is not written.
    for fine in [
      ["--stop", "the"], ["--until", "line", "--without", "[e]"],
      ["--without", "[e]", "--stop", "e"],
    ] {
      let errors = try await notes(fine)
      #expect(!errors.contains("note:"), "\(errors)")
    }
  }

  @Test("--until ends with the part, --min-tokens not before")
  func until() async throws {
    let whole = try await row(["-n", "2000"]).string("text")
    let line = try await row(["--until", "line"])
    #expect(try line.string("text") == whole.prefix { $0 != "\n" })
    #expect(try line.string("finish_reason") == "until")
    let longer = try await row(["--until", "line", "--min-tokens", "200"])
    let end = whole.dropFirst(200).firstIndex(of: "\n") ?? whole.endIndex
    #expect(try longer.string("text") == whole[..<end])
    let sentence = try await row(["--until", "sentence", "-n", "2000"])
    #expect(try sentence.string("finish_reason") == "until")
    #expect(try whole.hasPrefix(sentence.string("text")))
    #expect(try ".!?\"'".contains(#require(sentence.string("text").last)))
  }

  @Test("--format jsonl prints each character with its cost and alternatives, and then the text")
  func rows() async throws {
    let options = ["-p", "The ", "-n", "30", "--samples", "2"]
    let result = try await generate(options + ["--format", "jsonl", "--alternatives", "3"])
    #expect(result.exitCode == 0, "\(result.errors)")
    let rows = try jsonLines(result.output)
    #expect(rows.count == 62)
    let wholes = try jsonLines(try await generate(options + ["--format", "json"]).output)
    for sample in 0..<2 {
      let own = rows[sample * 31..<sample * 31 + 31]
      let whole = try #require(own.last)
      let characters = own.dropLast()
      #expect(try own.allSatisfy { try $0.int("sample") == sample + 1 })
      #expect(try own.allSatisfy { try $0.int("seed") == sample + 3 })
      #expect(try whole.string("text") == wholes[sample].string("text"))
      #expect(try characters.map { try $0.string("text") }.joined() == whole.string("text"))
      let nats = try characters.reduce(0) { try $0 + $1.double("nats") }
      #expect(try abs(nats - whole.double("nats")) < 1e-9)
      for (index, character) in characters.enumerated() {
        #expect(
          try character.keys == [
            "sample", "seed", "index", "text", "nats", "rank", "alternatives",
          ])
        #expect(try character.int("index") == index)
        let alternatives = try character.field("alternatives").elements()
        #expect(alternatives.count == 3)
        let costs = try alternatives.map { try $0.double("nats") }
        #expect(costs == costs.sorted())
        let rank = try character.int("rank")
        if rank <= 3 {
          #expect(try costs[rank - 1] == character.double("nats"))
          #expect(try alternatives[rank - 1].string("text") == character.string("text"))
        } else {
          #expect(try character.double("nats") >= costs[2])
        }
      }
    }
  }

  @Test("many texts at once are those of their seeds")
  func many() async throws {
    let result = try await generate(["-n", "20", "--samples", "300", "--format", "json"])
    let rows = try jsonLines(result.output)
    #expect(rows.count == 300)
    for index in [0, 1, 255, 256, 299] {
      let folder = try await ToolModel.folder()
      let alone = try await folder.run(
        "generate", "-t", "1", "-q", "-n", "20", "--seed", "\(3 + index)", "--format", "json")
      #expect(
        try jsonLines(alone.output).first?.string("text") == rows[index].string("text"))
    }
  }
}

@Suite("generate: choice among texts")
struct SearchToolTests {
  private func generate(_ options: [String]) async throws -> ToolResult {
    let folder = try await ToolModel.folder()
    return try await folder.run(["generate", "-t", "1", "-q", "-p", "The "] + options)
  }

  @Test("--beam needs no seed and prints the best, with their scores")
  func beam() async throws {
    let one = try await generate(["-n", "20", "--beam", "4"])
    #expect(one.exitCode == 0, "\(one.errors)")
    #expect(one.output == (try await generate(["-n", "20", "--beam", "4"])).output)
    let rows = try jsonLines(
      try await generate(
        [
          "-n", "20", "--beam", "8", "--beam-groups", "4", "--samples", "5", "--format", "json",
        ]
      ).output)
    #expect(rows.count == 5)
    let scores = try rows.map { try $0.double("score") }
    #expect(scores == scores.sorted())
    #expect(Set(try rows.map { try $0.string("text") }).count == 5)
    let short = try await generate(
      ["-n", "20", "--beam", "64", "--regex", "ship|sea", "--samples", "9"])
    #expect(Set(short.output.split(separator: "\n")).isSuperset(of: ["The ship", "The sea"]))
  }

  @Test("--beam-groups print as many texts as --samples, or say how many there are")
  func groups() async throws {
    let options = ["--beam", "4", "--beam-groups", "4", "--beam-diversity", "0.0001"]
    let folder = try await ToolModel.folder()
    func write(_ more: [String]) async throws -> ToolResult {
      try await folder.run(
        ["generate", "-t", "1", "-p", "The ", "-n", "9", "--format", "json"] + options + more)
    }
    let four = try await write(["--samples", "4"])
    #expect(four.exitCode == 0 && four.errors.isEmpty, "\(four.errors)")
    let rows = try jsonLines(four.output)
    #expect(Set(try rows.map { try $0.string("text") }).count == 4)
    #expect(try rows.map { try $0.int("sample") } == [1, 2, 3, 4])
    #expect(try rows.allSatisfy { try $0.optionalField("seed") == nil }, "nothing is drawn")
    let two = try await write(["--samples", "3", "--regex", "ship|sea"])
    #expect(two.exitCode == 0)
    #expect(
      Set(try jsonLines(two.output).map { try $0.string("text") }) == ["ship", "sea"])
    #expect(
      two.errors == "warning: 2 of the 3 texts: within the length and the constraints the beam "
        + "found no other\n")
  }

  @Test("--best-of prints the likeliest of the texts of its seeds")
  func bestOf() async throws {
    let options = ["-n", "40", "--seed", "8", "--format", "json"]
    let all = try jsonLines(try await generate(options + ["--samples", "6"]).output)
    let best = try jsonLines(try await generate(options + ["--best-of", "6"]).output)
    #expect(best.count == 1)
    let scores = try all.map { try $0.double("nats") / Double($0.int("tokens")) }
    let least = try #require(scores.min())
    #expect(try best[0].double("score") == least)
    let drawn = try #require(try all.first { try $0.int("seed") == best[0].int("seed") })
    #expect(try drawn.string("text") == best[0].string("text"))
  }
}
