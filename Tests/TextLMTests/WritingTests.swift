import Foundation
import TextLM
import TextLMTestSupport
import Testing

@Suite("Writing: where texts end")
struct WritingTests {
  private let trained: TestModel
  private var model: TextModel { trained.model }

  init() throws {
    trained = try TestModel.shared()
  }

  /// A text without an end, of so many tokens.
  private func endless(_ count: Int, seed: UInt64 = 1) -> [WrittenToken] {
    var generator = model.generate(seed: seed)
    return (0..<count).compactMap { _ in generator.nextStep() }
  }

  private func written(
    _ rules: WritingRules, seed: UInt64 = 1, prompt: String = "", of model: TextModel? = nil
  ) throws -> (tokens: [WrittenToken], reason: FinishReason?) {
    let model = model ?? self.model
    var generator = try model.generate(from: prompt, rules: rules, seed: seed)
    var tokens: [WrittenToken] = []
    while let token = generator.nextStep() { tokens.append(token) }
    return (tokens, generator.finishReason)
  }

  @Test("So many tokens and no more", arguments: [0, 1, 7, 100])
  func length(count: Int) throws {
    let (tokens, reason) = try written(WritingRules(maximumCount: count))
    #expect(tokens == endless(count))
    #expect(reason == .length)
  }

  @Test(
    "A text ends in front of the first stop text",
    arguments: [
      ["e "], ["ea"], ["\n"], ["the", "he "], ["sea", "calm", "a"], ["zzz"], [" the sea"],
    ])
  func stops(stops: [String]) throws {
    for seed in UInt64(1)...5 {
      let whole = endless(300, seed: seed)
      let text = whole.map(\.text).joined()
      let (tokens, reason) = try written(
        WritingRules(maximumCount: 300, stops: stops), seed: seed)
      let found = tokens.map(\.text).joined()
      // The stop text whose end comes first, and of several the one that began first.
      let ends = stops.compactMap { text.range(of: $0) }
      if let first = ends.min(by: {
        ($0.upperBound, $0.lowerBound) < ($1.upperBound, $1.lowerBound)
      }) {
        #expect(found == text[..<first.lowerBound])
        #expect(reason == .stop)
      } else {
        // The model ends some texts by itself.
        #expect(found == text && reason != .stop)
      }
      #expect(tokens == Array(whole.prefix(tokens.count)), "tokens and costs are those of the text")
    }
  }

  @Test("Nothing ends a text that is shorter than its least", arguments: [0, 1, 50, 200])
  func minimum(count: Int) throws {
    let rules = try WritingRules(maximumCount: 300, minimumCount: count, stops: ["e"])
    for seed in UInt64(1)...5 {
      let (tokens, reason) = try written(rules, seed: seed)
      #expect(tokens.count >= count)
      // The same draws without a stop text: that the end may not be drawn moves all of them a little.
      let free = try WritingRules(maximumCount: 300, minimumCount: count)
      let whole = try written(free, seed: seed)
      let text = whole.tokens.map(\.text).joined()
      let place = text.dropFirst(count).firstIndex(of: "e")
      #expect(tokens.map(\.text).joined() == text[..<(place ?? text.endIndex)])
      #expect(reason == (place == nil ? whole.reason : .stop))
    }
  }

  @Test("A model that ends every text at once writes the least")
  func minimumDocument() throws {
    // A model of its own, which is changed.
    let model = try TestModel().model
    let bias = try #require(model.languageModel.parameters.first { $0.path == "head.bias" })
    var values = bias.value.array
    values[Int(Vocabulary.boundary)] = 1e4
    bias.value = Tensor(values, shape: bias.shape)
    let (tokens, reason) = try written(
      WritingRules(maximumCount: 90, minimumCount: 20), of: model)
    #expect(tokens.count == 20 && reason == .document)
    let most = try written(WritingRules(maximumCount: 20, minimumCount: 20), of: model)
    #expect(most.reason == .length)
    #expect(try written(WritingRules(until: .document), of: model).tokens.isEmpty)
  }

  @Test("Lines, sentences and paragraphs of a model's text")
  func parts() throws {
    for seed in UInt64(1)...5 {
      let text = endless(400, seed: seed).map(\.text).joined()
      let line = try written(WritingRules(maximumCount: 400, until: .line), seed: seed)
      #expect(line.tokens.map(\.text).joined() == text.prefix { $0 != "\n" })
      #expect(line.reason == (text.contains("\n") ? .until : .length))
      let sentence = try written(WritingRules(maximumCount: 400, until: .sentence), seed: seed)
      if sentence.reason == .until {
        #expect(sentence.tokens.last?.text == ".")
      }
    }
  }

  @Test("What was held back comes when the text ends otherwise")
  func heldBack() throws {
    // The stop text begins with all of what is written.
    let text = endless(40).map(\.text).joined()
    let (tokens, reason) = try written(WritingRules(maximumCount: 40, stops: [text + "\0"]))
    #expect(tokens.map(\.text).joined() == text && reason == .length)
  }

  @Test("Ranks and alternatives are those of the model's distribution")
  func alternatives() throws {
    let (tokens, _) = try written(
      WritingRules(maximumCount: 12, alternativeCount: 3), prompt: "the ")
    let prompt = model.tokenizer.encode("the ")
    let logits = trained.logits(prompt + tokens.map(\.token))
    for (index, written) in tokens.enumerated() {
      let row = logits[prompt.count + index]
      let normalizer = log(row.reduce(0) { $0 + exp($1) })
      let order = row.indices.sorted { (row[$1], $0) < (row[$0], $1) }
      let place = try #require(written.place)
      #expect(place.alternatives.map { Int($0.token) } == Array(order.prefix(3)))
      expectClose(
        place.alternatives.map(\.nats), order.prefix(3).map { normalizer - row[$0] },
        tolerance: 1e-4, "alternatives")
      #expect(order[place.rank - 1] == Int(written.token))
    }
    #expect(endless(3).allSatisfy { $0.place == nil })
  }

  // Of 40 texts each thread reads its half by itself.
  @Test(
    "A batch writes what each text alone would be, whenever the others end", arguments: [9, 40])
  func batch(count: Int) throws {
    let threadCount = Engine.threadCount
    defer { Engine.setThreadCount(threadCount) }
    Engine.setThreadCount(2)
    let rules = try WritingRules(maximumCount: 80, stops: ["\n"])
    var batch = try model.generateBatch(of: count, from: "the ", rules: rules, seed: 30)
    var texts = [[WrittenToken]](repeating: [], count: count)
    while let steps = batch.nextSteps() {
      for (index, tokens) in steps.enumerated() { texts[index] += tokens }
    }
    for index in 0..<count {
      let (tokens, reason) = try written(rules, seed: 30 + UInt64(index), prompt: "the ")
      #expect(texts[index].map(\.token) == tokens.map(\.token))
      expectClose(texts[index].map(\.nats), tokens.map(\.nats), tolerance: 1e-4, "costs")
      #expect(batch.finishReasons[index] == reason)
    }
    #expect(Set(texts.map(\.count)).count > 1, "they end at different places")
    #expect(batch.nextSteps() == nil)
  }

  @Test("A batch of texts without tokens has ended")
  func emptyBatch() throws {
    var batch = try model.generateBatch(of: 2, rules: WritingRules(maximumCount: 0))
    #expect(batch.nextSteps() == nil && batch.finishReasons == [.length, .length])
  }

  @Test("Every architecture writes batches", arguments: SmallModels.names)
  func architectures(name: String) throws {
    let threadCount = Engine.threadCount
    defer { Engine.setThreadCount(threadCount) }
    Engine.setThreadCount(2)
    let model = try TestModel(name, steps: 2).model
    let rules = try WritingRules(maximumCount: 20, stops: ["e"])
    var batch = try model.generateBatch(of: 32, from: "a bell", rules: rules)
    var texts = [[WrittenToken]](repeating: [], count: 32)
    while let steps = batch.nextSteps() {
      for (index, tokens) in steps.enumerated() { texts[index] += tokens }
    }
    for index in [0, 1, 2, 3, 15, 16, 31] {
      var generator = try model.generate(from: "a bell", rules: rules, seed: UInt64(index))
      var tokens: [TokenID] = []
      while let step = generator.nextStep() { tokens.append(step.token) }
      #expect(texts[index].map(\.token) == tokens)
    }
  }

  @Test("Rules that cannot be")
  func refused() throws {
    #expect(throws: SamplingError.self) { try WritingRules(maximumCount: -1) }
    #expect(throws: SamplingError.self) { try WritingRules(minimumCount: -1) }
    #expect(throws: SamplingError.self) { try WritingRules(alternativeCount: -1) }
    #expect(throws: SamplingError.self) { try WritingRules(stops: ["a", ""]) }
    let error = #expect(throws: SamplingError.self) {
      try WritingRules(maximumCount: 5, minimumCount: 6)
    }
    #expect(error?.description.contains("max-tokens 5 and min-tokens 6") == true)
  }
}
