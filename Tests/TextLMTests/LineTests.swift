import Foundation
import TextLM
import TextLMTensors
import TextLMTestSupport
import Testing

@Suite("Lines by themselves")
struct LineTests {
  private func pieces(_ text: String, longest: Int, chunk: Int) -> [LinePiece] {
    var cutter = LineCutter(longest: longest)
    var pieces: [LinePiece] = []
    let bytes = Array(text.utf8)
    for first in stride(from: 0, to: bytes.count, by: chunk) {
      pieces += cutter.add(Array(bytes[first..<min(first + chunk, bytes.count)]))
    }
    return pieces + (cutter.finish().map { [$0] } ?? [])
  }

  @Test("Lines are the same however they come", arguments: [1, 2, 3, 7, 1000])
  func cutting(chunk: Int) {
    let lines = pieces("eins\n\nzwei é\r\ndrei", longest: 100, chunk: chunk)
    #expect(lines.map(\.text.string) == ["eins\n", "\n", "zwei é\r\n", "drei"])
    #expect(lines.map(\.number) == [1, 2, 3, 4])
    #expect(lines.allSatisfy { $0.beginsLine && $0.endsLine })
    #expect(pieces("", longest: 100, chunk: chunk).isEmpty)
    #expect(pieces("a\n", longest: 100, chunk: chunk).map(\.text.string) == ["a\n"])
    #expect(pieces("\u{FEFF}a\n", longest: 100, chunk: chunk).map(\.text.string) == ["a\n"])
  }

  @Test("A line ends as soon as its line feed has come")
  func promptness() {
    var cutter = LineCutter()
    #expect(cutter.add(Array("on".utf8)).isEmpty)
    #expect(cutter.add(Array("e\ntw".utf8)).map(\.text.string) == ["one\n"])
    #expect(cutter.add(Array("o\n".utf8)).map(\.text.string) == ["two\n"])
    #expect(cutter.finish() == nil)
  }

  @Test("A long line comes in parts that are whole characters", arguments: [1, 5, 64])
  func longLines(chunk: Int) {
    let long = String(repeating: "aé日", count: 20)
    let parts = pieces("x\n" + long + "\ny", longest: 16, chunk: chunk)
    #expect(parts.map(\.text.string).joined() == "x\n" + long + "\ny")
    #expect(parts.allSatisfy { $0.bytes.count <= 16 })
    #expect(!parts.contains { $0.text.string.contains("\u{FFFD}") })
    let own = parts.filter { $0.number == 2 }
    #expect(own.map(\.beginsLine) == [true] + own.dropFirst().map { _ in false })
    #expect(own.map(\.endsLine) == own.dropLast().map { _ in false } + [true])
    // What is no UTF-8 has no character to spare.
    var cutter = LineCutter(longest: 4)
    #expect(cutter.add([UInt8](repeating: 0x80, count: 6)).map(\.bytes.count) == [4])
    #expect(cutter.finish()?.text.string == "\u{FFFD}\u{FFFD}")
  }

  @Test("A line costs what it costs behind a line feed, with its own")
  func definition() throws {
    let trained = try LineModel()
    let scorer = LineScorer(trained.model)
    #expect(!scorer.linesAreDocuments)
    let lines = ["the sea\n", "\n", "no ☃ came\n", "a bell"]
    let scores = scorer.scores(lines.map { UTF8Text($0) })
    for (line, score) in zip(lines, scores) {
      let expected = try trained.model.score([UTF8Text(line)], condition: UTF8Text("\n"))[0]
      expectClose(score.totalNats, expected.nats, tolerance: 1e-6, line)
      #expect(score.tokens == trained.model.tokenizer.encode(line))
      #expect(score.nats.count == score.tokens.count)
      #expect(score.characterCount == line.unicodeScalars.count)
    }
    #expect(scores.map(\.unknownCount) == [0, 0, 1, 0])
    let behind = LineScorer(trained.model, condition: UTF8Text("a bell rang "))
    let expected = try trained.model.score(
      [UTF8Text("twice\n")], condition: UTF8Text("a bell rang "))[0]
    expectClose(
      behind.scores([UTF8Text("twice\n")])[0].totalNats, expected.nats, tolerance: 1e-6, "behind")
  }

  @Test("A model that knows no line feed reads lines as documents, with their ends")
  func documents() throws {
    let trained = try LineModel(documents: .line)
    let scorer = LineScorer(trained.model)
    #expect(scorer.linesAreDocuments)
    let texts = ["the sea", "twice", "morning"]
    let expected = try trained.model.score(texts.map { UTF8Text($0) }, includesEnds: true)
    let scores = scorer.scores(texts.map { UTF8Text($0 + "\n") } + [UTF8Text("\n")])
    for (score, expected) in zip(scores, expected) {
      expectClose(score.totalNats, expected.nats, tolerance: 1e-6, score.text.string)
      #expect(score.tokens.last == Vocabulary.boundary)
      #expect(score.characterCount == expected.counts.characters)
    }
    #expect(scores[3].tokens.isEmpty && scores[3].totalNats == 0 && scores[3].characterCount == 0)
    // A last line without a line feed has not ended.
    let open = scorer.scores([UTF8Text("twice"), UTF8Text("the sea\n")])
    let whole = try trained.model.score("twice")
    expectClose(open[0].totalNats, whole.nats, tolerance: 1e-6, "without an end")
    expectClose(open[1].totalNats, expected[0].nats, tolerance: 1e-6, "beside it")
    // It can be asked for.
    #expect(!LineScorer(trained.model, linesAreDocuments: false).linesAreDocuments)
  }

  @Test("Lines cost the same in any company", arguments: [ReadingDirection.forward, .backward])
  func company(direction: ReadingDirection) throws {
    let trained = try LineModel(direction: direction)
    let scorer = LineScorer(trained.model)
    var random = RandomSource(seed: 4)
    let lines = (0..<150).map {
      UTF8Text(
        SmallTexts.prose(1 + random.nextInt(below: 90), seed: $0).replacing("\n", with: " ") + "\n")
    }
    for (line, together) in zip(lines, scorer.scores(lines)) {
      let alone = scorer.scores([line])[0]
      #expect(together.tokens == alone.tokens)
      expectClose(together.nats, alone.nats, tolerance: 1e-5, line.string)
    }
  }

  @Test("A line in pieces costs the sum of them, once")
  func pieces() throws {
    let trained = try LineModel()
    let scorer = LineScorer(trained.model)
    let long = SmallTexts.prose(500).replacing("\n", with: " ")
    let text = "the sea\n\(long)\n\ntwice"
    let cut = pieces(text, longest: 64, chunk: 10)
    #expect(cut.count > 8)
    var meter = LineMeter(scorer)
    let costs = cut.flatMap { meter.read([$0]) }
    #expect(costs.map(\.number) == [1, 2, 3, 4])
    #expect(costs.map(\.characterCount) == [8, 501, 1, 5])
    #expect(costs.map(\.text) == ["the sea", String(long.prefix(64)), "", "twice"])
    let parts = scorer.scores(cut.filter { $0.number == 2 }.map(\.text))
    expectClose(
      costs[1].nats, parts.reduce(0) { $0 + $1.totalNats }, tolerance: 1e-5, "the long one")
    // Together or one by one.
    var other = LineMeter(scorer)
    let again = other.read(cut)
    #expect(again.map(\.text) == costs.map(\.text))
    expectClose(again.map(\.nats), costs.map(\.nats), tolerance: 1e-5, "together")
  }

  @Test("Line ends of Windows are changed where that is asked for")
  func newlines() throws {
    let trained = try LineModel()
    var (kept, changed) = (
      LineMeter(LineScorer(trained.model)), LineMeter(LineScorer(trained.model), newlines: .lf)
    )
    let lines = pieces("twice\r\n", longest: 100, chunk: 100)
    #expect(kept.read(lines)[0].text == "twice\r")
    let cost = changed.read(lines)[0]
    #expect(cost.text == "twice" && cost.characterCount == 6)
  }
}
