import Foundation
import Testing
import TextLM
import TextLMTensors

@Suite("score")
struct ScoreTests {
  private static let text = "A boat.\nTwo boats\tand 日本 é.\n"

  private func score(
    _ arguments: String..., input: String? = text
  ) async throws -> ToolResult {
    try await ToolModel.folder().run(["score", "-t", "1"] + arguments, input: input)
  }

  private func total() async throws -> JSONField {
    let result = try await score("--format", "json", "-q")
    #expect(result.exitCode == 0)
    #expect(result.errors.isEmpty)
    return try #require(try jsonLines(result.output).first)
  }

  @Test("--format json prints the object of the contract, and its numbers agree")
  func json() async throws {
    let row = try await total()
    #expect(
      try row.keys == [
        "document", "tokens", "characters", "bytes", "words", "unknown", "nats",
        "nats_per_token", "bits_per_character", "bits_per_byte", "perplexity",
        "word_perplexity", "tokens_per_second", "accuracy", "accuracy_of_five", "known_tokens",
        "known_nats_per_token", "nats_per_token_low", "nats_per_token_high", "signature",
      ])
    #expect(try row.string("document") == "-")
    #expect(try row.int("tokens") == 28)
    #expect(try row.int("characters") == 28)
    #expect(try row.int("bytes") == Self.text.utf8.count)
    #expect(try row.int("words") == 7)
    // 日, 本, é and the tab are not in the harbour.
    #expect(try row.int("unknown") == 4)
    let nats = try row.double("nats")
    let bits = nats / 0.6931471805599453
    #expect(abs(try row.double("nats_per_token") - nats / 28) < 1e-9)
    #expect(abs(try row.double("bits_per_character") - bits / 28) < 1e-9)
    #expect(abs(try row.double("bits_per_byte") - bits / Double(Self.text.utf8.count)) < 1e-9)
    #expect(abs(try row.double("perplexity") / exp(nats / 28) - 1) < 1e-9)
    #expect(abs(try row.double("word_perplexity") / exp(nats / 7) - 1) < 1e-9)
    #expect(try row.double("tokens_per_second") > 0)
  }

  @Test("the screen for people has the same numbers, rounded")
  func screen() async throws {
    let row = try await total()
    let result = try await score("-q")
    let labels = [
      "document", "characters", "bytes", "words", "unknown", "nats", "nats per token",
      "bits per character", "bits per byte", "perplexity", "word perplexity", "nats, known only",
      "first guess right", "among first five", "tokens per second", "signature",
    ]
    #expect(
      result.lines.map { String($0.prefix(20)).trimmingCharacters(in: .whitespaces) } == labels)
    let values = result.lines.map { String($0.dropFirst(20)) }
    #expect(Array(values.prefix(5)) == ["-", "28", "33", "7", "4"])
    #expect(abs(try #require(Double(values[6])) - row.double("nats_per_token")) <= 0.00005001)
    #expect(abs(try #require(Double(values[8])) - row.double("bits_per_byte")) <= 0.00005001)
  }

  @Test("words sum to the total, and have names")
  func words() async throws {
    let nats = try await total().double("nats")
    let words = try jsonLines(try await score("--per", "word", "--format", "json").output)
    #expect(
      try words.map { try $0.string("text") }
        == ["A", "boat.", "Two", "boats", "and", "日本", "é."])
    #expect(abs(try words.reduce(0) { try $0 + $1.double("nats") } - nats) < 1e-3)
    let screen = try await score("--per", "word", "-q")
    #expect(screen.lines.count == 7 && screen.lines[1].hasSuffix("\tboat."))
  }

  @Test("a context or a condition changes the number, and the signature says so")
  func context() async throws {
    func row(_ options: [String]) async throws -> JSONField {
      let folder = try await ToolModel.folder()
      let result = try await folder.run(
        ["score", "-t", "1", "-q", "--format", "json"] + options,
        input: "The harbour was quiet, and nobody came down to the boats.")
      #expect(result.exitCode == 0, "\(result.errors)")
      return try #require(try jsonLines(result.output).first)
    }
    let plain = try await row([])
    #expect(try plain.string("signature").contains("|context:carried|condition:no|"))
    let cases: [(options: [String], part: String)] = [
      (["--context", "reset", "--context-length", "4"], "|context:reset-4|"),
      (["--context", "sliding", "--context-length", "3"], "|context:sliding-3|"),
      (["--condition", "It was late. "], "|condition:177c704e65de|"),
    ]
    for (options, part) in cases {
      let other = try await row(options)
      #expect(try other.string("signature").contains(part))
      #expect(try other.double("nats") != plain.double("nats"), "\(options)")
      #expect(try other.int("tokens") == plain.int("tokens"))
    }
    let exact = try await row(["--exact"])
    #expect(try exact.string("signature").contains("|context:exact|"))
    // A short text is read in one go in any case.
    #expect(try exact.double("nats") == plain.double("nats"))
  }

  @Test("tokens, lines and documents sum to the total")
  func parts() async throws {
    let nats = try await total().double("nats")
    let tokens = try jsonLines(try await score("--per", "token", "--format", "json").output)
    for (index, token) in tokens.enumerated() {
      #expect(try token.keys == ["index", "text", "nats", "rank"])
      #expect(try token.int("index") == index)
      #expect(try token.int("rank") >= 1)
    }
    #expect(
      try tokens.map { try $0.string("text") }.joined()
        == "A boat.\nTwo boats\u{FFFD}and \u{FFFD}\u{FFFD} \u{FFFD}.\n")
    #expect(abs(try tokens.reduce(0) { try $0 + $1.double("nats") } - nats) < 1e-3)

    let lines = try jsonLines(try await score("--per", "line", "--format", "json").output)
    #expect(try lines.map { try $0.string("text") } == ["A boat.", "Two boats\tand 日本 é."])
    #expect(try lines.map { try $0.int("line") } == [1, 2])
    #expect(abs(try lines.reduce(0) { try $0 + $1.double("nats") } - nats) < 1e-3)

    let folder = try ToolFolder()
    try folder.write(Self.text, to: "a.txt")
    try folder.write("Another boat.", to: "b.txt")
    let model = try await ToolModel.folder().path("model.textlm")
    let base = ["score", "-m", model, "a.txt", "b.txt", "--format", "json"]
    let documents = try jsonLines(try await folder.run(base + ["--per", "document"]).output)
    #expect(try documents.map { try $0.string("document") } == ["a.txt", "b.txt"])
    #expect(abs(try documents[0].double("nats") - nats) < 1e-3)
    let both = try #require(try jsonLines(try await folder.run(base).output).first)
    #expect(try both.string("document") == "a.txt b.txt")
    #expect(
      abs(try documents.reduce(0) { try $0 + $1.double("nats") } - both.double("nats")) < 1e-3)
  }

  @Test("rows of tokens and lines for people stay one row each")
  func rows() async throws {
    let tokens = try await score("--per", "token", input: "a\tb\nc\u{1B}")
    #expect(
      tokens.lines.map { $0.split(separator: "\t").prefix(2).joined(separator: " ") } == [
        "0 a", "1 \u{FFFD}", "2 b", "3 \u{240A}", "4 c", "5 \u{FFFD}",
      ])
    let lines = try await score("--per", "line", input: "one\n\ntwo")
    #expect(
      lines.lines.map { $0.split(separator: "\t", omittingEmptySubsequences: false)[2] }
        == ["one", "", "two"])
  }

  @Test("--exact agrees with stretches side by side to 0.001 nats")
  func exact() async throws {
    let text = try ToolCorpora.harbour(characters: 20_000)
    let fast = try jsonLines(try await score("--format", "json", input: text).output)
    let exact = try jsonLines(try await score("--exact", "--format", "json", input: text).output)
    let difference = try fast[0].double("nats_per_token") - exact[0].double("nats_per_token")
    #expect(abs(difference) < 1e-3)
  }

  @Test("results do not depend on --threads")
  func threads() async throws {
    let folder = try await ToolModel.folder()
    let base = ["score", "corpus.txt", "--format", "json", "--exact"]
    let one = try jsonLines(try await folder.run(base + ["-t", "1"]).output)
    let two = try jsonLines(try await folder.run(base + ["-t", "2"]).output)
    #expect(try one[0].double("nats") == two[0].double("nats"))
  }

  @Test("--calibration prints the curve, and its parts add up")
  func calibration() async throws {
    let text = try ToolCorpora.harbour(characters: 4000)
    let result = try await score("--calibration", "--format", "json", "-q", input: text)
    #expect(result.exitCode == 0 && result.errors.isEmpty)
    let row = try #require(try jsonLines(result.output).first)
    #expect(
      try row.keys == [
        "expected_calibration_error", "accuracy", "confidence", "temperature", "nats_per_token",
        "nats_per_token_at_temperature", "bins", "signature",
      ])
    let bins = try row.field("bins").elements()
    var (tokens, error) = (0, 0.0)
    for bin in bins {
      let (count, accuracy) = (try bin.int("tokens"), try bin.double("accuracy"))
      let gap = abs(accuracy - (try bin.double("confidence")))
      tokens += count
      error += Double(count) / 4000 * gap
    }
    #expect(tokens == 4000)
    #expect(abs(try row.double("expected_calibration_error") - error) < 1e-9)
    let best = try row.double("nats_per_token_at_temperature")
    #expect(try best <= row.double("nats_per_token"))
    let whole = try jsonLines(try await score("--format", "json", input: text).output)[0]
    #expect(try abs(whole.double("nats_per_token") - row.double("nats_per_token")) < 1e-4)

    let screen = try await score("--calibration", "-q", input: text)
    #expect(
      screen.lines.prefix(8).map {
        String($0.prefix(20)).trimmingCharacters(in: .whitespaces)
      } == [
        "tokens", "likeliest came", "it was given", "calibration error", "nats per token",
        "best temperature", "nats at it", "signature",
      ])
    // The list of lines has no empty ones.
    #expect(
      screen.lines[8].split(separator: " ") == ["probability", "tokens", "mean", "came"])
    #expect(screen.lines.count == 9 + bins.count)
    #expect(try screen.lines[7].hasSuffix(whole.string("signature")))
    #expect(try row.string("signature") == whole.string("signature"))
  }

  @Test("--cache and --dynamic adapt to the text, say so, and leave the model as it was")
  func adaptation() async throws {
    let text = String(repeating: "tnat nast. oatb stan ", count: 60)
    let plain = try jsonLines(try await score("--format", "json", input: text).output)[0]
    let nats = try plain.double("nats")
    for options in [["--cache"], ["--dynamic"], ["--cache", "--dynamic"]] {
      let folder = try await ToolModel.folder()
      let result = try await folder.run(
        ["score", "-t", "1", "--format", "json", "-q"] + options, input: text)
      #expect(result.exitCode == 0 && result.errors.isEmpty)
      let row = try #require(try jsonLines(result.output).first)
      // What an adapted model guessed is not told.
      let details = [
        "accuracy", "accuracy_of_five", "known_tokens", "known_nats_per_token",
        "nats_per_token_low", "nats_per_token_high", "signature",
      ]
      #expect(
        try row.keys == plain.keys.filter { !details.contains($0) } + ["adaptation", "signature"])
      #expect(try row.double("nats") < 0.95 * nats, "\(options)")
      #expect(
        try row.field("adaptation").keys == options.map { String($0.dropFirst(2)) }, "\(options)")
    }
    let none = try await score(
      "--dynamic", "--dynamic-rate", "0", "--format", "json", input: text)
    #expect(abs(try jsonLines(none.output)[0].double("nats") - nats) < 1e-3 * nats)
    let screen = try await score("--cache", "--cache-length", "50", "-q", input: text)
    #expect(
      screen.lines.first == "adapted by          cache of 50, flatness 20, weight 0.1")
    let again = try jsonLines(try await score("--format", "json", input: text).output)[0]
    #expect(try again.double("nats") == nats)
  }

  @Test(
    "options that do not go together are refused with 64",
    arguments: [
      (["--cache-weight", "0.1"], "--cache-weight is given without --cache"),
      (["--dynamic-rate", "0.1"], "--dynamic-rate is given without --dynamic"),
      (["--cache", "--cache-weight", "1"], "--cache-weight is 1.0, but must be from 0 to below 1"),
      (["--dynamic", "--dynamic-segment", "0"], "--dynamic-segment is 0, but must be 1 or more"),
      (["--dynamic", "--calibration"], "--calibration is of the model as it is, and --dynamic"),
      (["--dynamic", "--per", "token"], "not --per token"),
      (["--cache", "--exact"], "leave it out"),
      (["--calibration", "--per", "line"], "not --per line"),
    ])
  func refusals(options: [String], message: String) async throws {
    let folder = try await ToolModel.folder()
    let result = try await folder.run(["score"] + options, input: Self.text)
    #expect(result.exitCode == 64)
    #expect(result.errors.contains(message), "\(result.errors)")
  }

  @Test("--verbose tells about the model")
  func verbose() async throws {
    let result = try await score("-v")
    #expect(result.errors.contains("model.textlm: lstm with "))
    #expect(result.errors.contains("1 threads, "))
  }

  @Test(
    "empty text is zero tokens and no NaN",
    arguments: [
      [], ["--per", "document"], ["--dynamic"], ["--cache"], ["--interpolate", "model.textlm"],
      ["--condition", "It was "], ["--documents", "line"], ["--context", "sliding"],
    ])
  func empty(options: [String]) async throws {
    let folder = try await ToolModel.folder()
    let command = ["score", "-t", "1", "-q"] + options
    let result = try await folder.run(command + ["--format", "json"], input: "")
    #expect(result.exitCode == 0, "\(result.errors)")
    let row = try #require(try jsonLines(result.output).first)
    for member in ["tokens", "characters", "bytes", "words", "unknown"] {
      #expect(try row.int(member) == 0)
    }
    for member in ["nats", "nats_per_token", "bits_per_character", "bits_per_byte"] {
      #expect(try row.double(member) == 0)
    }
    #expect(try row.double("perplexity") == 1 && row.double("word_perplexity") == 1)
    let screen = try await folder.run(command, input: "")
    #expect(screen.exitCode == 0 && !screen.output.lowercased().contains("nan"))
  }

  @Test("parts of empty text are no rows, and an empty file leaves the others' rows")
  func emptyParts() async throws {
    for part in ["line", "word", "token"] {
      let result = try await score("--per", part, "-q", input: "")
      #expect(result.exitCode == 0 && result.output.isEmpty, "\(part)")
    }
    for options in [["--calibration"], ["--novelty", "--copied-from", "corpus.txt"]] {
      let result = try await ToolModel.folder().run(
        ["score", "-t", "1", "-q"] + options, input: "")
      #expect(result.exitCode == 0 && !result.output.contains("nan"), "\(result.errors)")
    }
    let kenlm = try await score("--format", "kenlm", "-q", input: "")
    #expect(kenlm.exitCode == 0 && kenlm.output.contains("Tokens:\t0"))
    let model = try await ToolModel.file()
    let folder = try ToolFolder()
    try folder.write(Data(), to: "empty.txt")
    try folder.write(Data("A boat.".utf8), to: "boat.txt")
    let rows = try jsonLines(
      try await folder.run(
        "score", "-m", model, "-t", "1", "-q", "--per", "document", "--format", "json",
        "empty.txt", "boat.txt"
      ).output)
    #expect(try rows.map { try $0.int("tokens") } == [0, 7])
    let both = try await folder.run(
      "compare-scores", model, model, "empty.txt", "--format", "json")
    let row = try #require(try jsonLines(both.output).first)
    #expect(try row.int("blocks") == 0 && row.double("difference") == 0)
    #expect(try row.string("verdict") == "undecided")
  }

  @Test("the signature names all that changes a number")
  func signature() async throws {
    let folder = try await ToolModel.folder()
    func signature(_ options: String...) async throws -> String {
      let result = try await folder.run(
        ["score", "-t", "1", "-q", "--format", "json"] + options, input: "The boat.\nA boat.\n")
      #expect(result.exitCode == 0, "\(result.errors)")
      return try #require(try jsonLines(result.output).first).string("signature")
    }
    let plain = try await signature()
    let model = try #require(plain.firstMatch(of: /model:([0-9a-f]{12})\|/)?.1)
    #expect(
      try await signature("--dynamic", "--dynamic-rate", "0.001")
        .contains("|dynamic:rate=0.001,decay=0.002,segment=20|"))
    #expect(
      try await signature("--cache", "--cache-length", "50")
        .contains("|cache:length=50,flatness=20,weight=0.1|"))
    #expect(
      try await signature("--interpolate", "model.textlm", "--interpolate-weight", "0.25")
        .contains("|interpolated:\(model)=0.75,\(model)=0.25|"))
    // SHA-256 of the two texts, by sha256sum.
    #expect(try await signature("--condition", "It was ").contains("|condition:9739ef7e102b|"))
    #expect(try await signature("--documents", "line").contains("|ends:yes|"))
    #expect(try await signature("--documents", "line").contains("|documents:line|"))
    #expect(try await signature("--documents", "; ").contains("|documents:0a2d3f8f9b72|"))
    // How the bytes are read: line ends always, the rest where it was asked for.
    #expect(plain.contains("|newlines:keep|unicode:"))
    #expect(try await signature("--newlines", "lf").contains("|newlines:lf|unicode:"))
    #expect(
      try await signature("--documents", "line", "--invalid", "skip", "--encoding", "latin1")
        .contains("|documents:line|newlines:keep|invalid:skip|encoding:latin1|unicode:"))
  }

  @Test(
    "where the result has no place for the signature, it is a note",
    arguments: ["line", "word", "token"])
  func signatureNote(part: String) async throws {
    let total = try await total().string("signature")
    let result = try await score("--per", part)
    #expect(result.exitCode == 0)
    #expect(!result.output.contains("signature"))
    #expect(result.errors.components(separatedBy: "signature: ").count == 2)
    #expect(result.errors.contains("signature: \(total)\n"), "\(result.errors)")
    #expect(try await score("--per", part, "-q").errors.isEmpty)
  }

  @Test("a missing file is refused with 74")
  func bad() async throws {
    let missing = try await score("nowhere.txt")
    #expect(missing.exitCode == 74)
    #expect(missing.errors.contains("nowhere.txt: no such file"))
  }
}
