import Foundation
import TextLM
import TextLMTensors
import Testing

@Suite("classify")
struct ClassifyToolTests {
  private static let place = ToolFolder.newPath("classify")
  /// A folder with `reviews.csv`, others in `other.csv`, and `c.textlm`, which learned from the first;
  /// what was printed is in `c.json`.
  private static let made = Task {
    atexit { try? FileManager.default.removeItem(atPath: ClassifyToolTests.place) }
    let folder = try ToolFolder(at: place)
    try folder.write(ToolReviews.table(), to: "reviews.csv")
    try folder.write(ToolReviews.table(["knife", "window", "pear"]), to: "other.csv")
    let result = try await folder.run(
      "classify", "train", "reviews.csv", "-o", "c.textlm", "--format", "json")
    #expect(result.exitCode == 0, "\(result.errors)")
    try folder.write(result.output, to: "c.json")
    try folder.write(result.errors, to: "c.errors")
    return folder
  }

  @Test("What is trained is measured, written and told")
  func training() async throws {
    let folder = try await Self.made.value
    let summary = try #require(try jsonLines(try folder.text("c.json")).first)
    #expect(try summary.string("architecture") == "ngram" && summary.bool("trained_anew"))
    let measured = try summary.field("validation")
    // A tenth of 32 texts, one or two of each label.
    #expect(try measured.int("texts") == 3 && measured.double("accuracy") == 1)
    let notes = try folder.text("c.errors")
    #expect(notes.contains("reviews.csv: 32 texts, csv, fields between commas"))
    #expect(notes.contains("ngram learns 2 labels (bad, good) from 29 texts and is measured at 3"))
    #expect(try folder.names(in: "c.textlm").filter { !$0.hasPrefix(".") }.contains("log.jsonl"))
    let report = try folder.text("c.textlm/report.html")
    #expect(report.contains("Label by label") && report.contains("trained anew on all texts"))
    let rows = try jsonLines(try folder.text("c.textlm/log.jsonl"))
    let events = try rows.map { try $0.string("event") }
    #expect(events.count >= 6 && events.last == "evaluation")
    #expect(events.dropLast().allSatisfy { $0 == "trial" })
    let again = try await folder.run("classify", "train", "reviews.csv", "-o", "c.textlm")
    #expect(again.exitCode == 64 && again.errors.contains("already holds a training run"))
  }

  @Test("Lines are answered with labels, blank and endless ones too")
  func predicting() async throws {
    let folder = try await Self.made.value
    let long = String(repeating: "I was delighted by a lovely thing. ", count: 3000)
    let result = try await folder.run(
      "classify", "predict", "-m", "c.textlm", input: "A lovely day\n\nawful\r\n\(long)")
    #expect(result.exitCode == 0, "\(result.errors)")
    let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.map { $0.split(separator: "\t").first ?? "" } == ["good", "", "bad", "good", ""])
    #expect(lines[0].wholeMatch(of: #/good\t[01]\.\d{4}/#) != nil)
    let top = try await folder.run(
      "classify", "predict", "-m", "c.textlm", "--top", "2", input: "awful\n")
    #expect(top.output.wholeMatch(of: #/bad\t[01]\.\d{4}\tgood\t[01]\.\d{4}\n/#) != nil)
    let json = try await folder.run(
      "classify", "predict", "-m", "c.textlm", "--format", "json", "--explain",
      input: "lovely é\n\n")
    let rows = try jsonLines(json.output)
    #expect(try rows[0].string("label") == "good" && rows[0].string("explained") == "good")
    #expect(try rows[0].field("probabilities").keys == ["bad", "good"])
    let contributions = try rows[0].field("contributions").elements().map { try $0.double() }
    #expect(contributions.count == 8 && contributions[2] > 0)
    #expect(try rows[1].optionalField("label") == nil && rows[1].int("line") == 2)
    let shown = try await folder.run(
      "classify", "predict", "-m", "c.textlm", "--explain", input: "lovely\n")
    #expect(shown.lines.count == 3 && shown.lines[1] == "lovely")
    let table = try await folder.run(
      "classify", "predict", "other.csv", "-m", "c.textlm", "--data-format", "csv", "-q")
    #expect(table.lines.map { $0.prefix(3) } == ["goo", "bad", "goo", "bad", "goo", "bad"])
    let plain = try await folder.run("classify", "predict", "other.csv", "-m", "c.textlm")
    #expect(plain.lines.count == 7 && plain.errors.contains("give --data-format csv"))
  }

  @Test("Standard input is read as files are, and what is replaced is told")
  func encodings() async throws {
    let folder = try await Self.made.value
    let predict = ["classify", "predict", "-", "-m", "c.textlm", "--top", "1"]
    // Behind 14 bytes of three lines, the wrong one is the eighth of the fourth.
    let bytes: [UInt8] = Array("lovely\n\nawful\nangry a".utf8) + [0xE9] + Array("b\n".utf8)
    try folder.write(Data(bytes), to: "in.bin")
    let refused = try await folder.run(predict, prelude: "exec < in.bin")
    #expect(refused.exitCode == 65, "\(refused.errors)")
    #expect(refused.lines.map { $0.prefix(3) } == ["goo", "bad"])
    #expect(refused.errors.contains("standard input: not UTF-8 at byte offset 21, line 4"))
    let replaced = try await folder.run(
      predict + ["--invalid", "replace"], prelude: "exec < in.bin")
    #expect(replaced.exitCode == 0 && replaced.lines.count == 3)
    #expect(replaced.errors.contains("1 pieces were no UTF-8 and were replaced by U+FFFD"))
    for (name, bytes) in [
      ("windows-1252", bytes),
      ("utf-16le", Array("lovely\n\nawful\nangry\n".utf8).flatMap { [$0, 0] }),
    ] {
      try folder.write(Data(bytes), to: "named.bin")
      let named = try await folder.run(
        predict + ["--encoding", name], prelude: "exec < named.bin")
      #expect(named.exitCode == 0, "\(named.errors)")
      #expect(named.lines.map { $0.prefix(3) } == ["goo", "bad", "bad"], "\(name)")
    }
  }

  @Test("Ctrl-C ends the training of n-grams, and nothing is written")
  func interrupted() async throws {
    let folder = try ToolFolder()
    var random = RandomSource(seed: 1)
    var table = "text,label\n"
    for _ in 0..<30_000 {
      let words = (0..<16).map { _ in "w\(random.nextInt(below: 5000))" }.joined(separator: " ")
      table += "\(words),\(random.nextInt(below: 8))\n"
    }
    try folder.write(table, to: "many.csv")
    let process = try folder.start(["classify", "train", "many.csv", "-o", "c", "-t", "1"])
    #expect(try await process.waitUntil { process.errorsSoFar.contains("ngram learns 8") })
    try await Task.sleep(for: .milliseconds(200))
    let begin = ContinuousClock.now
    process.send(SIGINT)
    let result = try await process.wait()
    #expect(ContinuousClock.now - begin < .seconds(5))
    #expect(result.exitCode == 130, "\(result.errors)")
    #expect(result.errorLines.last == "stopped before there was a classifier: nothing was written")
    #expect(!folder.contains("c"))
  }

  @Test("A classifier is measured at other texts, explained and compared")
  func evaluating() async throws {
    let folder = try await Self.made.value
    try folder.write("text,label\nawful and angry,good\nlovely,good\nangry,bad\n", to: "odd.csv")
    let result = try await folder.run(
      "classify", "evaluate", "odd.csv", "-m", "c.textlm", "--html", "odd.html",
      "--misclassified", "odd.jsonl", "--against", "c.textlm")
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(result.output.contains("accuracy              0.6667"))
    #expect(result.output.contains("The texts do not tell which is right more often."))
    let wrong = try jsonLines(try folder.text("odd.jsonl"))
    #expect(wrong.count == 1)
    #expect(
      try wrong[0].string("text") == "awful and angry" && wrong[0].string("predicted") == "bad")
    #expect(try wrong[0].string("file") == "odd.csv" && wrong[0].int("line") == 2)
    #expect(try folder.text("odd.html").contains("What it is surest of and gets wrong"))
    let again = try await folder.run(
      "classify", "evaluate", "odd.csv", "-m", "c.textlm", "--html", "odd.html")
    #expect(again.exitCode == 64 && again.errors.contains("odd.html: is there already"))
    let nowhere = try await folder.run(
      "classify", "evaluate", "odd.csv", "-m", "c.textlm", "--html", "nowhere/x.html",
      "--misclassified", "left.jsonl")
    #expect(nowhere.exitCode == 74 && !folder.contains("left.jsonl"))
    let json = try await folder.run(
      "classify", "evaluate", "other.csv", "-m", "c.textlm", "--format", "json", "-q")
    let row = try #require(try jsonLines(json.output).first)
    #expect(try row.int("texts") == 6 && row.double("accuracy") == 1)
    try folder.write("text,label\nawful,bad\nlovely,so so\n", to: "new.csv")
    let unknown = try await folder.run("classify", "evaluate", "new.csv", "-m", "c.textlm")
    #expect(unknown.exitCode == 65 && unknown.errors.contains("\"so so\" (1 texts: new.csv"))
    let skipped = try await folder.run(
      "classify", "evaluate", "new.csv", "-m", "c.textlm", "--skip-unknown")
    #expect(skipped.exitCode == 0 && skipped.errors.contains("left out: unknown label \"so so\""))
  }

  @Test("Several labels have thresholds, and ordinal ones their order")
  func kinds() async throws {
    let folder = try ToolFolder()
    var several = ""
    var stars = "text\tstars\n"
    for subject in ToolReviews.subjects {
      several += "__label__warm the \(subject) is hot and burning\n"
      several += "__label__warm __label__wet the \(subject) is hot, burning, soaked and dripping\n"
      several += "__label__wet the \(subject) is soaked and dripping\n"
      for (star, word) in [("1", "terrible"), ("2", "mediocre"), ("10", "marvellous")] {
        stars += "a \(word) \(subject)\t\(star)\n"
      }
    }
    try folder.write(several, to: "several.txt")
    try folder.write(stars, to: "stars.tsv")
    let first = try await folder.run(
      "classify", "train", "several.txt", "--labels", "multiple", "-o", "s", "--format", "json")
    #expect(first.exitCode == 0, "\(first.errors)")
    let summary = try #require(try jsonLines(first.output).first)
    #expect(try summary.field("thresholds").elements().count == 2)
    let told = try await folder.run(
      "classify", "predict", "-m", "s", "--format", "json", "-q",
      input: "the roof is hot, burning, soaked and dripping\n")
    let labels = try #require(try jsonLines(told.output).first).field("labels").elements()
    #expect(try labels.map { try $0.string() } == ["warm", "wet"])
    let second = try await folder.run(
      "classify", "train", "stars.tsv", "--labels", "ordinal", "-o", "o", "--balanced")
    #expect(second.exitCode == 0, "\(second.errors)")
    #expect(second.output.contains("quadratic kappa"))
    let star = try await folder.run(
      "classify", "predict", "-m", "o", "--top", "3", "-q", input: "a marvellous roof\n")
    #expect(star.output.hasPrefix("10\t"))
  }

  @Test("A network is trained, goes on, and keeps to what it began with")
  func network() async throws {
    let folder = try await Self.made.value
    func run(_ steps: Int, _ more: [String] = []) async throws -> ToolResult {
      try await folder.run(
        [
          "classify", "train", "reviews.csv", "-o", "n.textlm", "--max-steps", "\(steps)", "-t",
          "1",
        ]
          + more)
    }
    let small = [
      "--arch", "gru", "--bidirectional", "--hidden-size", "4", "--layers", "1", "--seed", "3",
      "--batch-size", "8", "--noise", "0.1",
    ]
    let first = try await run(3, small)
    #expect(first.exitCode == 0, "\(first.errors)")
    #expect(first.errors.contains("gru learns 2 labels") && first.output.contains("log loss"))
    let second = try await run(6, ["--resume", "--bidirectional", "--layers", "1"])
    #expect(second.exitCode == 0, "\(second.errors)")
    let whole = try await folder.run(
      ["classify", "train", "reviews.csv", "-o", "w.textlm", "--max-steps", "6", "-q"] + small)
    #expect(whole.exitCode == 0)
    let long = String(repeating: "a lovely day ", count: 60)
    let explained = try await folder.run(
      "classify", "predict", "-m", "w.textlm", "--explain", "--format", "json",
      input: "awful\n\(long)\n")
    let rows = try jsonLines(explained.output)
    #expect(try rows[0].field("contributions").elements().count == 5)
    #expect(try rows[0].optionalField("explained_characters") == nil)
    #expect(try rows[1].field("contributions").elements().count == 500)
    #expect(try rows[1].int("explained_characters") == 500 && rows[1].int("characters") == 780)
    #expect(explained.errors.contains("the first 500 characters are explained"))
    let texts = "A lovely day\nawful\n"
    let told = try await folder.run("classify", "predict", "-m", "w.textlm", input: texts)
    #expect(told.lines.count == 2)
    for (arguments, text) in [
      (["--hidden-size", "9"], "--hidden-size is 9, but the run began with 4"),
      (["--arch", "lstm"], "--arch is lstm, but the run began with gru"),
      (["--seed", "9"], "--seed is 9, but the run began with 3"),
      (["--noise", "0.5"], "--noise is"), (["--labels", "ordinal"], "--labels is ordinal"),
      (["--unit", "word"], "--resume goes on as the training began: leave --unit away"),
      (["--validation-fraction", "0.5"], "was trained on other texts"),
    ] {
      let result = try await run(9, ["--resume"] + arguments)
      #expect(result.exitCode == 64 && result.errors.contains(text), "\(result.errors)")
    }
    let counted = try await folder.run(
      "classify", "train", "reviews.csv", "-o", "c.textlm", "--resume")
    #expect(
      counted.exitCode == 64 && counted.errors.contains("holds no training run to go on with"))
  }

  @Test("N-grams join a network, which stays a language model while it learns labels")
  func joining() async throws {
    let folder = try await Self.made.value
    let joined = ["--join-ngrams", "2-3", "--ngram-buckets", "64"]
    let begin = [
      "classify", "train", "reviews.csv", "-o", "j.textlm", "-t", "1", "--init-from",
      try await ToolModel.file(),
    ]
    let first = try await folder.run(
      begin + ["--max-steps", "2", "--lm-loss", "0.5", "--ngram-width", "4"] + joined)
    #expect(first.exitCode == 0, "\(first.errors)")
    #expect(first.errors.contains(" % right, next character "))
    let rows = try jsonLines(try folder.text("j.textlm/log.jsonl"))
    #expect(try rows.last?.double("next_token_nats") ?? 0 > 0)
    let again = ["classify", "train", "reviews.csv", "-o", "j.textlm", "--resume", "--max-steps"]
    let second = try await folder.run(again + ["4", "--lm-loss", "0.5"] + joined)
    #expect(second.exitCode == 0, "\(second.errors)")
    for (arguments, text) in [
      (["--join-ngrams", "1-3"], "--join-ngrams from is 1, but the run began with 2"),
      (
        ["--join-ngrams", "2-3", "--ngram-width", "9"],
        "--ngram-width is 9, but the run began with 4"
      ),
      (["--lm-loss", "0"], "--lm-loss is 0, but the run began with 0.5"),
    ] {
      let result = try await folder.run(again + ["6"] + arguments)
      #expect(result.exitCode == 64 && result.errors.contains(text), "\(result.errors)")
    }
    let told = try await folder.run(
      "classify", "predict", "-m", "j.textlm", "--format", "json", "--explain", input: "lovely\n")
    let row = try #require(try jsonLines(told.output).first)
    #expect(try row.field("contributions").elements().count == 6)
    let measured = try await folder.run(
      "classify", "evaluate", "other.csv", "-m", "j.textlm", "--format", "json", "-q")
    #expect(measured.exitCode == 0, "\(measured.errors)")
  }

  @Test("Folds are measured, and nothing is written")
  func folds() async throws {
    let folder = try await Self.made.value
    let text = try await folder.run("classify", "train", "reviews.csv", "--folds", "4")
    #expect(text.exitCode == 0, "\(text.errors)")
    #expect(text.lines.count == 7 && text.lines[0].hasPrefix("fold  texts  accuracy  macro F1"))
    #expect(text.lines[5].hasPrefix("mean") && text.lines[6].hasPrefix("  sd"))
    let json = try await folder.run(
      "classify", "train", "reviews.csv", "--folds", "4", "--format", "json", "-q")
    let row = try #require(try jsonLines(json.output).first)
    let counts = try row.field("results").elements().map { try $0.int("texts") }
    #expect(counts == [8, 8, 8, 8])
    #expect(try row.field("mean").double("accuracy") > 0.9)
    #expect(!folder.contains("classifier.textlm"))
    let refused = try await folder.run(
      "classify", "train", "reviews.csv", "--folds", "4", "-o", "x")
    #expect(refused.exitCode == 64 && refused.errors.contains("leave --output away"))
  }

  @Test("A probe looks into a language model")
  func probe() async throws {
    let folder = try await Self.made.value
    let model = try await ToolModel.file()
    let result = try await folder.run(
      "classify", "train", "reviews.csv", "--arch", "probe", "--model", model, "-o", "p.textlm",
      "--validation-fraction", "0.5")
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(result.errors.contains("inverse strength "))
    #expect(result.errors.contains("the unit that tells most is "))
    // What is named can be looked at.
    let place = try #require(result.errors.firstRange(of: " --unit "))
    let unit = String(result.errors[place.upperBound...].prefix { $0 != "`" })
    let seen = try await folder.run(
      "show", "units", "-m", model, "--unit", unit, input: "lovely\n")
    #expect(seen.exitCode == 0, "\(seen.errors)")
    let told = try await folder.run("classify", "predict", "-m", "p.textlm", input: "lovely\n")
    #expect(told.exitCode == 0 && told.lines.count == 1)
    let explained = try await folder.run(
      "classify", "predict", "-m", "p.textlm", "--explain", input: "lovely\n")
    #expect(
      explained.exitCode == 64 && explained.errors.contains("off for a probe, which does not tell"))
    #expect(!explained.errors.contains("Usage"))
  }

  @Test("Language models and classifiers say what they are")
  func mixedUp() async throws {
    let folder = try await Self.made.value
    let model = try await ToolModel.file()
    let first = try await folder.run("classify", "predict", "-m", model, input: "a\n")
    #expect(first.exitCode == 65)
    #expect(first.errors.contains("this is a language model, not a classifier"))
    for command in [["generate", "-n", "1"], ["score"]] {
      let second = try await folder.run(command + ["-m", "c.textlm"], input: "a\n")
      #expect(second.exitCode == 65)
      #expect(second.errors.contains("this is a classifier of texts, not a language model"))
    }
    let none = try await folder.run("classify", "predict", "-m", "nothing", input: "a\n")
    #expect(none.exitCode == 74 && none.errors.contains("make one with `textlm classify train`"))
  }

  @Test("Bad rows are listed with their lines, or refused")
  func badRows() async throws {
    let folder = try ToolFolder()
    try folder.write(
      ToolReviews.table() + "only a text\n\"\",good\nA lovely film, I was delighted.,\n",
      to: "bad.csv")
    let result = try await folder.run("classify", "train", "bad.csv", "-o", "c")
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(result.errors.contains("left out: bad.csv, line 34: "))
    let strict = try await folder.run("classify", "train", "bad.csv", "-o", "d", "--strict")
    #expect(strict.exitCode == 65 && strict.errors.contains("leave --strict away"))
    #expect(!folder.contains("d"))
  }

  @Test(
    "what makes no sense is refused",
    arguments: [
      ("--arch lstm --pooling best", "--pooling"), ("--arch nothing", "no architecture is called"),
      ("--layers 2", "--layers belongs to a network"), ("--lr 0.1", "--lr belongs to a network"),
      ("--arch probe", "say which with --model"), ("--model x", "--model belongs to --arch probe"),
      ("--arch lstm --hierarchy --pooling mean", "leave one out"),
      ("--arch lstm --attention-size 3", "means nothing without --pooling attention"),
      ("--budget 5x", "--budget is 5x"), ("--folds 1", "--folds is 1"),
      ("--resume --overwrite", "cannot be given together"),
      ("--resume --dry-run", "cannot be given together"),
      ("--tensorboard board", "--tensorboard belongs to a network"),
      ("--arch han --pooling mean", "--arch han has attention"),
      ("--arch han --bidirectional", "leave --bidirectional away"),
      ("--arch han --init-from x", "--arch han has two"),
      ("--arch nothing", "  ngram\n  probe\n  han\n  lstm (layers"),
      ("--arch bilstm", "must be han or, with --bidirectional"),
      ("--validation-fraction 2", "2.0 of the"),
      ("--text-column nothing", "has no column"), ("--delimiter ab", "must be one character"),
      ("--arch lstm --noise 1", "--noise is 1.0"), ("--arch lstm --epochs 0", "--epochs is 0"),
      ("--arch lstm --init-from x --layers 3", "leave --layers away"),
      ("--arch lstm --join-ngrams 5-2", "--join-ngrams"),
      ("--arch lstm --join-ngrams 0-2", "the shortest length of n-grams is 0"),
      ("--arch lstm --ngram-width 8", "--ngram-width means nothing without --join-ngrams"),
      ("--join-ngrams 2-3", "--join-ngrams belongs to a network"),
      ("--lm-loss 0.5", "--lm-loss belongs to a network"),
      ("--arch lstm --lm-loss -1", "--lm-loss is -1.0"),
      ("--arch lstm --bidirectional --lm-loss 0.5", "and --bidirectional also reads"),
      ("--arch lstm --hierarchy --lm-loss 0.5", "and --hierarchy reads its words"),
      ("--arch lstm --freeze forward.* --lm-loss 0.5", "all of which --freeze"),
    ])
  func refusals(options: String, text: String) async throws {
    let folder = try ToolFolder()
    try folder.write(ToolReviews.table(), to: "a.csv")
    let result = try await folder.run(
      ["classify", "train", "a.csv", "-o", "c"] + options.split(separator: " ").map(String.init))
    #expect(result.exitCode == 64, "\(result.errors)")
    #expect(result.errors.contains(text), "\(result.errors)")
    #expect(!folder.contains("c"))
  }

  @Test("one label, no texts and repeated texts are told")
  func poorData() async throws {
    let folder = try ToolFolder()
    try folder.write("text,label\na b,x\nc d,x\n", to: "one.csv")
    try folder.write("text,label\n", to: "none.csv")
    for (name, text) in [
      ("one.csv", "have the same label"), ("none.csv", "no labelled text in it"),
    ] {
      let result = try await folder.run("classify", "train", name, "-o", "c")
      #expect(result.exitCode == 65 && result.errors.contains(text), "\(result.errors)")
    }
    let table = ToolReviews.table()
    try folder.write(table + "\"A LOVELY film,  I was delighted.\",bad\n", to: "twice.csv")
    try folder.write("text,label\n\"A lovely film, I was delighted.\",good\n", to: "same.csv")
    let twice = try await folder.run(
      "classify", "train", "twice.csv", "-o", "c", "--validation", "same.csv")
    #expect(twice.exitCode == 0, "\(twice.errors)")
    #expect(twice.errors.contains("1 texts are there again, and 1 of them with different labels"))
    #expect(twice.errors.contains("1 texts to validate on are also learned from"))
  }
}
