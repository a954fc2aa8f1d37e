import Foundation
import TextLM
import TextLMTestSupport
import Testing

@Suite("Scoring")
struct ScoringTests {
  private let trained: TestModel
  private var model: TextModel { trained.model }

  init() throws {
    trained = try TestModel.shared()
  }

  /// −ln p of each token of the text, from the definition of softmax in Double.
  private func costs(_ text: String) -> [Double] {
    let tokens = model.tokenizer.encode(text)
    return zip(tokens, trained.logits(tokens)).map { token, logits in
      let greatest = logits.reduce(-Double.infinity, max)
      return log(logits.reduce(0) { $0 + exp($1 - greatest) }) + greatest - logits[Int(token)]
    }
  }

  /// Each character, an unknown one and the end are all that can follow.
  @Test("What may follow, the end included, adds up to certainty")
  func endsBelongToTheText() throws {
    let vocabulary = model.tokenizer.vocabulary
    func probability(_ text: String, includesEnds: Bool = false) throws -> Double {
      exp(-(try model.score([UTF8Text(text)], includesEnds: includesEnds)[0].nats))
    }
    var following = try probability("ab", includesEnds: true)
    for token in 0..<vocabulary.count {
      switch vocabulary.kind(of: TokenID(token)) {
      case .unit(let unit): following += try probability("ab" + unit.string)
      case .unknown:
        // One of all the unknown ones, which are equally likely.
        following += try probability("ab\u{2603}") * exp(model.tokenizer.unknownPenaltyNats)
      case .boundary, .byte: break
      }
    }
    #expect(abs(following / (try probability("ab")) - 1) < 1e-4)
    let evaluation = try model.score([UTF8Text("ab"), UTF8Text("c")], includesEnds: true)
    #expect(evaluation.map(\.tokenCount) == [3, 2])
    #expect(evaluation.map(\.counts.characters) == [3, 2])
    #expect(evaluation.map(\.counts.bytes) == [3, 2])
    let rows = model.scoreTokens(UTF8Text("ab"), includesEnd: true)
    #expect(rows.map(\.range) == [0..<1, 1..<2, 2..<2])
    #expect(abs(rows.reduce(0) { $0 + $1.nats } - evaluation[0].nats) < 1e-4)
    let lines = model.scoreLines(UTF8Text("a\nb"), includesEnd: true)
    #expect(lines.map(\.evaluation.tokenCount) == [2, 2])
  }

  @Test("A text costs what its tokens cost, each after those before it")
  func definition() throws {
    let text = "the sea was calm.\nno one came"
    let expected = costs(text)
    let result = try model.score(text)
    expectClose(result.nats, expected.reduce(0, +), tolerance: 1e-5, "nats")
    #expect(result.tokenCount == 29)
    #expect(result.counts == TextCounts(characters: 29, bytes: 29, words: 7, unknown: 0))
    // A single token is a millionth off in float32 only.
    let tokens = model.scoreTokens(UTF8Text(text), precision: .float32)
    #expect(tokens.map(\.token) == model.tokenizer.encode(text))
    expectClose(tokens.map(\.nats), expected, tolerance: 1e-5, "each token")
    #expect(result.natsPerToken < log(Double(model.tokenizer.vocabulary.count)) - 0.3)
  }

  @Test("Ranks count the tokens that are more likely")
  func ranks() throws {
    let text = "she said nothing of it"
    let tokens = model.tokenizer.encode(text)
    let ranks = model.scoreTokens(UTF8Text(text)).map(\.rank)
    for (index, logits) in trained.logits(tokens).dropLast().enumerated() {
      let own = logits[Int(tokens[index])]
      #expect(ranks[index] == 1 + logits.count { $0 > own }, "token \(index)")
    }
  }

  @Test("Equally likely tokens have different ranks, and the loss of a blank model is ln V")
  func uniformModel() throws {
    // A model of its own, which is changed.
    let model = try TestModel().model
    for parameter in model.languageModel.parameters {
      parameter.value = Tensor(zeros: parameter.shape)
    }
    let count = model.tokenizer.vocabulary.count
    let text = "until morning"
    let result = try model.score(text)
    expectClose(result.natsPerToken, log(Double(count)), tolerance: 1e-6, "nats per token")
    expectClose(result.perplexity, Double(count), tolerance: 1e-5, "perplexity")
    let scores = model.scoreTokens(UTF8Text(text))
    #expect(scores.allSatisfy { $0.rank == Int($0.token) + 1 })
  }

  @Test("A long text in stretches costs what it costs in one go")
  func stretches() throws {
    let text = UTF8Text(SmallTexts.prose(6000, seed: 9))
    let whole = try model.score([text], context: .exact)[0]
    for length in [600, 1000, 2999] {
      let parts = try model.score([text], context: .carried(stretchLength: length))[0]
      #expect(parts.tokenCount == whole.tokenCount && parts.counts == whole.counts)
      // What the documentation of the plan promises.
      expectClose(parts.natsPerToken, whole.natsPerToken, tolerance: 1e-4, "\(length)")
    }
    let tokens = model.scoreTokens(text, context: .carried(stretchLength: 600))
    #expect(tokens.map(\.token) == model.tokenizer.encode(text))
    let expected = model.scoreTokens(text, context: .exact)
    expectClose(tokens.map(\.nats), expected.map(\.nats), tolerance: 0.01, "each token")
  }

  @Test("Texts scored together cost what each costs alone")
  func documents() throws {
    var random = RandomSource(seed: 3)
    // More than are read side by side, of very different lengths, one in several stretches.
    let lengths = [1, 9000, 2] + (0..<80).map { _ in 1 + random.nextInt(below: 200) }
    let texts = lengths.enumerated().map {
      UTF8Text(SmallTexts.prose($0.element, seed: UInt64($0.offset)))
    }
    let together = try model.score(texts)
    #expect(together.count == texts.count)
    for (text, result) in zip(texts, together) {
      let alone = try model.score([text])[0]
      #expect(result.counts == alone.counts && result.tokenCount == alone.tokenCount)
      expectClose(result.nats, alone.nats, tolerance: 1e-5, "\(alone.tokenCount) tokens")
    }
  }

  @Test(
    "Lines add up to the text", arguments: ["a\nbell rang\n\ntwice\r\n", "no end", "\n", "\n\nx"])
  func lines(text: String) throws {
    let lines = model.scoreLines(UTF8Text(text))
    let whole = try model.score(text)
    let sum = lines.dropFirst().reduce(lines[0].evaluation) { $0 + $1.evaluation }
    expectClose(sum.nats, whole.nats, tolerance: 1e-9, "nats")
    #expect(sum.tokenCount == whole.tokenCount)
    #expect(sum.counts.characters == whole.counts.characters && sum.counts.bytes == text.utf8.count)
    let ends = text.hasSuffix("\n") || text.hasSuffix("\r\n") ? "\n" : ""
    let joined = lines.map(\.text).joined(separator: "\n") + ends
    #expect(Array(joined.utf8) == Array(text.utf8))
  }

  @Test("An unknown character costs naming it among all that are not in the vocabulary")
  func unknown() throws {
    let penalty = log(1_112_064 - Double(model.tokenizer.vocabulary.unitCount))
    let text = "the ☃ rang ☃"
    let result = try model.score(text)
    #expect(result.counts.unknown == 2)
    expectClose(
      result.nats, costs(text).reduce(0, +) + 2 * penalty, tolerance: 1e-5, "nats")
    let tokens = model.scoreTokens(UTF8Text(text))
    #expect(tokens[4].token == Vocabulary.unknown && tokens[4].nats > penalty)
    expectClose(tokens.reduce(0) { $0 + $1.nats }, result.nats, tolerance: 1e-9, "sum")
    let onlyUnknown = try model.score("☃☃☃")
    #expect(onlyUnknown.nats.isFinite && onlyUnknown.counts.unknown == 3)
  }

  @Test("A cost that is no number is an error, not a result")
  func notFinite() throws {
    let broken = try TestModel(steps: 1).model
    for parameter in broken.languageModel.parameters where parameter.path.hasPrefix("head.") {
      let nothing = [Float](repeating: .nan, count: parameter.shape.count)
      parameter.value = Tensor(nothing, shape: parameter.shape)
    }
    #expect(throws: ScoringError.notFinite(index: 1)) {
      try broken.score([UTF8Text(""), UTF8Text("the sea")])
    }
    #expect(throws: ScoringError.notFinite(index: 0)) {
      try broken.scoreDetails([UTF8Text("the sea")])
    }
  }

  @Test("An empty text has no tokens, costs nothing and leaves the others as they are")
  func empty() throws {
    let nothing = try model.score("")
    #expect(nothing == Evaluation() && nothing.perplexity == 1 && nothing.bitsPerByte == 0)
    let texts = [UTF8Text("a"), UTF8Text(""), UTF8Text("b")]
    let together = try model.score(texts)
    #expect(together[1] == nothing)
    for index in [0, 2] {
      let alone = try model.score([texts[index]])[0]
      expectClose(together[index].nats, alone.nats, tolerance: 1e-5, "text \(index)")
    }
    // That it ends is a prediction, where ends are measured.
    #expect(try model.score([UTF8Text("")], includesEnds: true)[0].tokenCount == 1)
    let details = try model.scoreDetails([UTF8Text("")])[0].details
    #expect(details.accuracy == 0 && details.knownNatsPerToken == 0 && details.interval == nil)
    #expect(try model.score([] as [UTF8Text]).isEmpty)
    #expect(model.scoreTokens(UTF8Text("")).isEmpty)
    #expect(model.scoreLines(UTF8Text("")).isEmpty)
  }

  @Test(
    "Narrow formats are near float32",
    arguments: [(ComputePrecision.bfloat16, 0.02), (.int16, 1e-4)])
  func precision(narrow: ComputePrecision, tolerance: Double) throws {
    let text = SmallTexts.prose(500, seed: 4)
    let (exact, short) = (try model.score(text), try model.score(text, precision: narrow))
    expectClose(short.natsPerToken, exact.natsPerToken, tolerance: tolerance, "nats per token")
  }

  @Test("Single tokens as text")
  func tokenTexts() throws {
    let tokenizer = try TestModel(steps: 1, maximumUnitCount: 5).model.tokenizer
    #expect(tokenizer.text(of: Vocabulary.boundary) == "")
    #expect(tokenizer.text(of: Vocabulary.unknown) == "\u{FFFD}")
    #expect(tokenizer.text(of: tokenizer.encode(" ")[0]) == " ")
    #expect(tokenizer.encode("â").map { tokenizer.text(of: $0) } == ["<0xC3>", "<0xA2>"])
    #expect(tokenizer.encode("\u{1}").map { tokenizer.text(of: $0) } == ["<0x01>"])
  }
}
