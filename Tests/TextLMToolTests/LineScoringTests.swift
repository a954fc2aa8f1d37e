import Foundation
import Testing
import TextLM
import TextLMTensors

@Suite("score, line by line")
struct LineScoringTests {
  /// A folder with `normal.txt`, text of the kind that the model knows and has not seen.
  private func folder() async throws -> (folder: ToolFolder, model: [String]) {
    let folder = try ToolFolder()
    let all = try ToolCorpora.harbour(characters: 80_000)
    try folder.write(String(all.dropFirst(40_000)), to: "normal.txt")
    return (folder, ["score", "-t", "1", "-m", try await ToolModel.folder().path("model.textlm")])
  }

  private static let odd = "zxqv jjkw qqxz vvkp zzqj xxwq kkjj"
  private static let text = "It was late, and the harbour was quiet.\n\(odd)\nThe boats were in.\n"

  @Test("--anomaly prints the odd line with its number, and by what rule")
  func anomaly() async throws {
    let (folder, score) = try await folder()
    try folder.write(Self.text, to: "text.txt")
    let base = score + ["--anomaly", "--anomaly-from", "normal.txt"]
    let screen = try await folder.run(base + ["text.txt"])
    #expect(screen.exitCode == 0, "\(screen.errors)")
    #expect(
      screen.lines.prefix(4).map {
        String($0.prefix(20)).trimmingCharacters(in: .whitespaces)
      } == ["normal lines", "false alarms", "nats per character", "signature"])
    #expect(screen.lines[3].contains("|context:line|"))
    #expect(screen.lines.count == 5)
    let columns = try #require(screen.lines.last).components(separatedBy: "\t")
    #expect(columns.count == 3 && columns[0] == "2" && columns[2] == Self.odd)
    #expect(screen.errors.contains("1 of 3 lines (33.33 %); of normal ones at most 1 %"))

    let rows = try jsonLines(
      try await folder.run(base + ["--format", "json", "text.txt"]).output)
    #expect(
      try rows[0].keys == [
        "anomaly_from", "rate", "lines", "line_nats", "character_nats", "spread_length",
        "threshold", "signature",
      ])
    #expect(
      try rows[1].keys == [
        "document", "line", "text", "characters", "nats", "nats_per_character", "limit",
      ])
    #expect(try rows[1].string("text") == Self.odd && rows[1].int("line") == 2)
    #expect(try rows[1].double("nats_per_character") > rows[1].double("limit"))
    #expect(try rows[1].int("characters") == Self.odd.count + 1)
    #expect(try rows[2].int("lines") == 3 && rows[2].int("anomalies") == 1)
    #expect(rows.count == 3)
  }

  @Test("of normal lines about as many are printed as --anomaly-rate says")
  func rate() async throws {
    let (folder, score) = try await folder()
    let text = try ToolCorpora.harbour(characters: 160_000)
    try folder.write(String(text.dropFirst(80_000)), to: "other.txt")
    let result = try await folder.run(
      score + [
        "--anomaly", "--anomaly-from", "normal.txt", "--anomaly-rate", "0.05", "--format", "json",
        "other.txt",
      ])
    let last = try #require(try jsonLines(result.output).last)
    let share = try Double(last.int("anomalies")) / Double(last.int("lines"))
    #expect(share > 0.015 && share < 0.12, "\(share)")
  }

  @Test("a growing stream: a line is told as soon as its end has come")
  func growing() async throws {
    let (folder, score) = try await folder()
    mkfifo(folder.path("pipe"), 0o600)
    // For reading too, so that nobody waits for the other end; closed in the process, so that it sees the
    // end.
    let pipe = open(folder.path("pipe"), O_RDWR | O_CLOEXEC)
    let process = try ToolProcess(
      score + ["-q", "--anomaly", "--anomaly-from", "normal.txt", "--format", "json", "-"],
      in: folder.path, input: folder.path("pipe"))
    func write(_ text: String) {
      #expect(Foundation.write(pipe, text, text.utf8.count) == text.utf8.count)
    }
    write("The boats were in.\n\(Self.odd)")
    #expect(try await process.waitUntil { process.outputSoFar.contains("threshold") })
    try await Task.sleep(for: .milliseconds(100))
    #expect(!process.outputSoFar.contains(Self.odd))
    write("\nIt")
    #expect(try await process.waitUntil { process.outputSoFar.contains(Self.odd) })
    #expect(!process.hasEnded)
    // The last line has no end.
    write(" was late.\nqqzx \(Self.odd)")
    close(pipe)
    let result = try await process.wait()
    #expect(result.exitCode == 0 && result.errors.isEmpty, "\(result.errors)")
    let rows = try jsonLines(result.output).dropFirst()
    #expect(try rows.dropLast().map { try $0.int("line") } == [2, 4])
    #expect(try rows.last?.int("lines") == 4)
  }

  @Test("a line of 100,000 characters is one line")
  func longLine() async throws {
    let (folder, score) = try await folder()
    let long = String(repeating: "zqxj", count: 25_000)
    let result = try await folder.run(
      score + ["-q", "--anomaly", "--anomaly-from", "normal.txt", "--format", "json"],
      input: "The boats were in.\n\(long)\n")
    #expect(result.exitCode == 0, "\(result.errors)")
    let rows = try jsonLines(result.output)
    #expect(rows.count == 3)
    #expect(try rows[1].int("characters") == 100_001 && rows[1].string("text") == long)
  }

  @Test("--nbest adds a feature and puts the best first, list by list")
  func lists() async throws {
    let (folder, score) = try await folder()
    let rows = """
      0 ||| zxq vvk jjw ||| LM0= -3 ||| -2
      0 ||| the boats were in ||| LM0= -3 ||| -2.5
      1 ||| the harbour was quiet ||| LM0= -1 ||| -1\n
      """
    try folder.write(rows, to: "lists.txt")
    let plain = try await folder.run(score + ["--nbest", "lists.txt"])
    #expect(plain.exitCode == 0 && plain.lines.count == 3, "\(plain.errors)")
    #expect(plain.lines[0].hasPrefix("0 ||| zxq vvk jjw ||| LM0= -3 TextLM0= -"))
    #expect(plain.lines[0].hasSuffix(" ||| -2"))
    #expect(plain.errors.contains("signature: textlm|model:"))
    #expect(plain.errors.contains("|context:line|"))
    let best = try await folder.run(
      score + [
        "--nbest", "-", "--nbest-weight", "0.5", "--nbest-top", "1", "--nbest-name", "Own0",
      ],
      input: rows)
    #expect(
      best.lines.map { $0.components(separatedBy: " ||| ")[1] }
        == ["the boats were in", "the harbour was quiet"])
    #expect(best.lines[0].contains("LM0= -3 Own0= -"))
    let bad = try await folder.run(score + ["--nbest", "-"], input: rows + "2 ||| a\n")
    #expect(bad.exitCode == 65)
    #expect(bad.errors.contains("standard input, line 4: has 2 of the four fields"))
    #expect(try await folder.run(score + ["--nbest", "nowhere"]).exitCode == 74)
  }

  @Test("--format kenlm prints what KenLM's query prints at its three levels")
  func kenLM() async throws {
    let (folder, score) = try await folder()
    let text = "The boats were in.\nA ☃.\n"
    let base = score + ["--format", "kenlm"]
    let words = try await folder.run(base + ["--per", "token"], input: text)
    #expect(words.exitCode == 0, "\(words.errors)")
    let rows = words.lines.map { $0.components(separatedBy: "\t") }
    #expect(rows.map(\.count) == [20, 6])
    #expect(rows[0][3].hasPrefix("\u{2581}=") && rows[0][18].hasPrefix("</s>="))
    #expect(rows[1][2].hasPrefix("☃=0 4 -"))
    #expect(rows[1][5].hasSuffix(" OOV: 1"))
    let sentences = try await folder.run(base + ["--per", "line"], input: text)
    #expect(sentences.lines == rows.compactMap(\.last))
    let summary = try await folder.run(base, input: text)
    let values = summary.lines.map { $0.components(separatedBy: "\t") }
    #expect(values.suffix(2) == [["OOVs:", "1"], ["Tokens:", "24"]])
    let totals = try sentences.lines.map { line in
      try #require(Double(line.split(separator: " ")[1]))
    }
    let perplexity = try #require(Double(values[0][1]))
    #expect(abs(perplexity / pow(10, -totals.reduce(0, +) / 24) - 1) < 1e-4)
    #expect(summary.errors.contains("signature: textlm|model:"))
    #expect(summary.errors.contains("|context:line|"))
    let quiet = try await folder.run(base + ["-q", "--per", "line"], input: text)
    #expect(quiet.lines == sentences.lines && quiet.errors.isEmpty)
    #expect(try await folder.run(base, input: "").exitCode == 0)
  }

  @Test(
    "options that do not go together are refused with 64",
    arguments: [
      (["--anomaly"], "--anomaly needs --anomaly-from"),
      (["--anomaly-from", "x"], "--anomaly-from is given without --anomaly"),
      (["--anomaly-rate", "0.1"], "--anomaly-rate is given without --anomaly"),
      (["--anomaly", "--anomaly-from", "x", "--anomaly-rate", "1"], "must be between 0 and 1"),
      (["--anomaly", "--anomaly-from", "-"], "standard input (-) can be given only once"),
      (["--anomaly", "--anomaly-from", "x", "--per", "line"], "and --per line does not"),
      (["--anomaly", "--anomaly-from", "x", "--nbest", "y"], "--anomaly measures each line"),
      (["--anomaly", "--anomaly-from", "x", "--format", "kenlm"], "and --format kenlm does not"),
      (["--anomaly", "--anomaly-from", "x", "--documents", "file"], "not --documents file"),
      (["--anomaly", "--anomaly-from", "x", "--encoding", "utf-16"], "leave --encoding away"),
      (["--nbest-top", "2"], "--nbest-top is given without --nbest"),
      (["--nbest", "x", "--nbest-top", "2"], "give that too"),
      (["--nbest", "x", "--nbest-name", "a b"], "--nbest-name must be a word"),
      (["--nbest", "x", "y"], "leave y away"),
      (["--nbest", "x", "--format", "json"], "and --format json does not"),
      (["--format", "kenlm", "--per", "word"], "not --per word"),
      (["--format", "kenlm", "--calibration"], "and --calibration does not"),
      (["--format", "kenlm", "--context", "reset"], "and --context does not"),
      (["--format", "kenlm", "--interpolate", "x"], "and --interpolate does not"),
    ])
  func refusals(options: [String], message: String) async throws {
    let result = try await ToolModel.folder().run(["score"] + options, input: Self.text)
    #expect(result.exitCode == 64)
    #expect(result.errors.replacing("\n", with: " ").contains(message), "\(result.errors)")
  }

  @Test("too few normal lines are refused with what is needed")
  func tooFew() async throws {
    let (folder, score) = try await folder()
    try folder.write(Self.text, to: "few.txt")
    let result = try await folder.run(
      score + ["--anomaly", "--anomaly-from", "few.txt", "few.txt"])
    #expect(result.exitCode == 65)
    #expect(result.errors.contains("give 99 or more"))
  }
}
