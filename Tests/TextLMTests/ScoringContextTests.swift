import Foundation
import TextLM
import TextLMTestSupport
import Testing

@Suite("What is known of a measured text")
struct ScoringContextTests {
  private let trained: TestModel
  private var model: TextModel { trained.model }

  init() throws {
    trained = try TestModel.shared()
  }

  /// What token `index` of a text costs when the tokens of `known` are read before it.
  private func cost(_ tokens: [TokenID], _ index: Int, known: Range<Int>) -> Double {
    // The first is predicted from the document's boundary, which stands before place 0.
    let read = Array(tokens[max(known.lowerBound, 0)..<known.upperBound])
    let before = known.lowerBound < 0 ? [Vocabulary.boundary] + read : read
    let logits = trained.logits(reading: before)
    let greatest = logits.reduce(-Double.infinity, max)
    return log(logits.reduce(0) { $0 + exp($1 - greatest) }) + greatest
      - logits[Int(tokens[index])]
  }

  @Test("Windows that are reset know what stands in them, and nothing before")
  func reset() {
    let text = UTF8Text("the sea was calm and no one came")
    let tokens = model.tokenizer.encode("the sea was calm and no one came")
    let found = model.scoreTokens(text, context: .reset(length: 5)).map(\.nats)
    // A window of five predictions reads five tokens, the first of which is the one before.
    let expected = tokens.indices.map { index in
      cost(tokens, index, known: index / 5 * 5 - 1..<index)
    }
    expectClose(found, expected, tolerance: 1e-4, "costs")
  }

  @Test("A sliding context has at least half of its length before each token, and at most all")
  func sliding() {
    let text = UTF8Text("the sea was calm and no one came")
    let tokens = model.tokenizer.encode("the sea was calm and no one came")
    for length in [1, 2, 5, 8] {
      let step = (length + 1) / 2
      let found = model.scoreTokens(text, context: .sliding(length: length)).map(\.nats)
      let expected = tokens.indices.map { index in
        let begin = index / step * step
        let start = max(0, begin - (length - step)) - 1
        #expect(index - start <= length && (start == -1 || index - start >= length / 2))
        return cost(tokens, index, known: start..<index)
      }
      expectClose(found, expected, tolerance: 1e-4, "\(length)")
    }
  }

  @Test("A condition is read and not measured")
  func condition() throws {
    let (before, text) = ("the sea ", "was calm")
    let whole = model.scoreTokens(UTF8Text(before + text)).map(\.nats).suffix(text.count)
    let given = model.scoreTokens(UTF8Text(text), condition: UTF8Text(before)).map(\.nats)
    expectClose(given, Array(whole), tolerance: 1e-5, "costs")
    let sums = try model.score([UTF8Text(text)], condition: UTF8Text(before))
    expectClose(sums[0].nats, whole.reduce(0, +), tolerance: 1e-4, "sum")
    #expect(sums[0].counts.characters == text.count)
    let lines = model.scoreLines(UTF8Text(text), condition: UTF8Text(before))
    expectClose(lines[0].evaluation.nats, sums[0].nats, tolerance: 1e-5, "line")
  }

  @Test("Words cost what their characters and the white space behind them do")
  func words() {
    let text = "  the sea\twas \n calm\u{2603} "
    let tokens = model.scoreTokens(UTF8Text(text), includesEnd: true)
    let words = model.scoreWords(UTF8Text(text), includesEnd: true)
    #expect(words.map(\.text) == ["the", "sea", "was", "calm\u{2603}"])
    #expect(words.map(\.tokenCount) == [6, 4, 6, 7])
    #expect(words.map(\.unknownCount).last == 1)
    expectClose(
      words.reduce(0) { $0 + $1.nats }, tokens.reduce(0) { $0 + $1.nats }, tolerance: 1e-9, "sum")
    expectClose(
      words[0].nats, tokens.prefix(6).reduce(0) { $0 + $1.nats }, tolerance: 1e-9, "first")
    #expect(model.scoreWords(UTF8Text(" \n")).map(\.text) == [""])
    #expect(model.scoreWords(UTF8Text("")).isEmpty)
    // The end of an empty text has no word to belong to.
    let ends = model.scoreWords(UTF8Text(""), includesEnd: true)
    #expect(ends.map(\.text) == [""] && ends.map(\.tokenCount) == [1])
  }

  @Test("Details count first guesses, and leave unknown characters out of what is known")
  func details() throws {
    let texts = [UTF8Text("the sea was calm\u{2603}"), UTF8Text("no one came")]
    let found = try model.scoreDetails(texts)
    let plain = try model.score(texts)
    #expect(found.map(\.evaluation) == plain)
    for (text, result) in zip(texts, found) {
      let tokens = model.scoreTokens(text)
      #expect(result.details.tokenCount == tokens.count)
      #expect(result.details.firstGuessCount == tokens.count { $0.rank == 1 })
      #expect(result.details.firstFiveCount == tokens.count { $0.rank <= 5 })
      let known = tokens.filter { $0.token != Vocabulary.unknown }
      #expect(result.details.knownCount == known.count)
      expectClose(
        result.details.knownNats, known.reduce(0) { $0 + $1.nats }, tolerance: 1e-5, "known")
      #expect(result.details.interval == nil)
    }
    let sum = found[0].details + found[1].details
    #expect(sum.tokenCount == 28 && sum.knownCount == 27)
    #expect(sum.interval == nil)
    // Nineteen blocks of 100 tokens and a part of one.
    let long = try model.scoreDetails([UTF8Text(SmallTexts.prose(1950, seed: 3))])[0]
    let interval = try #require(long.details.interval)
    #expect(interval.contains(long.evaluation.natsPerToken))
    #expect(interval.upperBound - interval.lowerBound > 0.01)
  }
}

@Suite("Block bootstrap")
struct BlockBootstrapTests {
  @Test("The interval is that of normal theory where blocks are many and independent")
  func interval() throws {
    var random = RandomSource(seed: 4)
    let blocks = (0..<400).map { _ in (cost: 200 + 20 * random.nextNormal(), size: 100.0) }
    let mean = blocks.reduce(0) { $0 + $1.cost } / 40_000
    let variance = blocks.reduce(0) { $0 + pow($1.cost / 100 - mean, 2) } / 400
    let half = 1.96 * (variance / 400).squareRoot()
    let interval = try #require(BlockBootstrap.interval(blocks))
    #expect(abs(interval.lowerBound - (mean - half)) < 0.1 * half)
    #expect(abs(interval.upperBound - (mean + half)) < 0.1 * half)
    #expect(BlockBootstrap.interval(blocks) == interval)
  }

  @Test("Many blocks are joined, which changes the interval little")
  func many() throws {
    var random = RandomSource(seed: 5)
    let blocks = (0..<9000).map { _ in (cost: 200 + 20 * random.nextNormal(), size: 100.0) }
    let mean = blocks.reduce(0) { $0 + $1.cost } / 900_000
    let half = 1.96 * 0.2 / 9000.squareRoot()
    let interval = try #require(BlockBootstrap.interval(blocks))
    #expect(abs(interval.lowerBound - (mean - half)) < 0.15 * half)
    #expect(abs(interval.upperBound - (mean + half)) < 0.15 * half)
  }

  @Test("One block tells nothing of others, and equal ones leave no doubt")
  func few() throws {
    #expect(BlockBootstrap.interval([(1, 1)]) == nil)
    let interval = try #require(BlockBootstrap.interval([(6, 2), (9, 3), (3, 1)]))
    #expect(interval == 3...3)
  }
}
