import Foundation
import TextLM
import TextLMTestSupport
import Testing

@Suite("Writing: search")
struct SearchTests {
  private let trained: TestModel
  private var model: TextModel { trained.model }

  init() throws {
    trained = try TestModel.shared()
  }

  /// The cost of each text of tokens after "the ", by reading all of it.
  private func cost(_ tokens: [TokenID]) -> Double {
    let prompt = model.tokenizer.encode("the ")
    let rows = trained.logits(prompt + tokens)
    return tokens.enumerated().reduce(0) { sum, item in
      let row = rows[prompt.count + item.offset]
      return sum + log(row.reduce(0) { $0 + exp($1) }) - row[Int(item.element)]
    }
  }

  @Test("A beam of one takes the likeliest token each time")
  func greedy() throws {
    let rules = try WritingRules(maximumCount: 30)
    let found = try model.search(BeamSearch(width: 1), from: "the ", rules: rules)
    var generator = try model.generate(
      from: "the ", sampling: [try Temperature(0)], rules: rules)
    var tokens: [WrittenToken] = []
    while let step = generator.nextStep() { tokens.append(step) }
    #expect(found.count == 1)
    #expect(found.first?.tokens.map(\.token) == tokens.map(\.token))
    #expect(found.first?.finishReason == .length)
  }

  /// Of all texts of two tokens; a beam as wide as the vocabulary loses none of them.
  @Test("A wide beam finds the best of all texts, in their order")
  func exhaustive() throws {
    let count = TokenID(model.tokenizer.vocabulary.count)
    let rules = try WritingRules(maximumCount: 2, minimumCount: 2)
    let found = try model.search(BeamSearch(width: Int(count)), from: "the ", rules: rules)
    let all = (Vocabulary.unknown + 1..<count).flatMap { first in
      (Vocabulary.unknown + 1..<count).map { [first, $0] }
    }
    let best = all.map { (tokens: $0, nats: cost($0)) }.sorted { $0.nats < $1.nats }
    for (text, expected) in zip(found.prefix(10), best) {
      #expect(text.tokens.map(\.token) == expected.tokens)
      #expect(abs(text.nats - expected.nats) < 1e-4)
      #expect(abs(text.score - expected.nats / 2) < 1e-4, "nats a token")
    }
    #expect(found.map(\.score) == found.map(\.score).sorted())
  }

  @Test("A wider beam finds nothing worse, and different texts")
  func width() throws {
    let rules = try WritingRules(maximumCount: 20, minimumCount: 20)
    var best = Double.infinity
    for width in [1, 4, 16] {
      let found = try model.search(BeamSearch(width: width), from: "a ", rules: rules)
      #expect(found.count == width)
      #expect(Set(found.map { $0.tokens.map(\.token) }).count == width)
      let score = try #require(found.first?.score)
      #expect(score <= best + 1e-6)
      best = min(best, score)
    }
  }

  @Test("Groups begin with different tokens when these cost enough")
  func groups() throws {
    let rules = try WritingRules(maximumCount: 6)
    let beam = try BeamSearch(width: 4, groupCount: 4, diversity: 100)
    let found = try model.search(beam, from: "the ", rules: rules)
    #expect(found.count == 4)
    #expect(Set(found.compactMap { $0.tokens.first?.token }).count == 4)
    // Each at the same place differs from all others.
    for place in 0..<6 { #expect(Set(found.map { $0.tokens[place].token }).count == 4) }
  }

  /// With so little to keep them apart all groups of one go the same way.
  @Test("Groups that come to the same texts leave room for others")
  func filling() throws {
    let beam = try BeamSearch(width: 4, groupCount: 4, diversity: 1e-9)
    let found = try model.search(beam, from: "the ", rules: WritingRules(maximumCount: 6))
    #expect(Set(found.map { model.text(of: $0.tokens) }).count == 4)
    #expect(found.map(\.score) == found.map(\.score).sorted())
    let likeliest = try model.search(
      BeamSearch(width: 1), from: "the ", rules: WritingRules(maximumCount: 6))
    let tokens = likeliest[0].tokens.map(\.token)
    #expect(found.contains { $0.tokens.map(\.token) == tokens })
    // Nothing but the first character of these can be chosen, and no group of one has all of them.
    let automaton = try TokenAutomaton([.regex("sea|bell|calm")], tokenizer: model.tokenizer)
    let rules = try WritingRules(maximumCount: 12, constraints: automaton)
    let all = try model.search(beam, from: "the ", rules: rules)
    #expect(all.count == 3, "there are no more")
    #expect(Set(all.map { model.text(of: $0.tokens) }) == ["sea", "bell", "calm"])
  }

  @Test("Constraints and ends hold in a beam")
  func constraints() throws {
    let automaton = try TokenAutomaton(
      [.regex("(sea|bell|calm)( sea| bell)?")], tokenizer: model.tokenizer)
    let rules = try WritingRules(maximumCount: 12, constraints: automaton)
    let found = try model.search(BeamSearch(width: 64), from: "the ", rules: rules)
    let texts = Set(found.map { $0.tokens.map(\.text).joined() })
    let all = ["sea", "bell", "calm"].flatMap { [$0, $0 + " sea", $0 + " bell"] }
    #expect(texts.isSubset(of: all) && texts.count >= 6, "\(texts)")
    let line = try model.search(
      BeamSearch(width: 4), from: "the ", rules: WritingRules(maximumCount: 60, until: .line))
    #expect(line.allSatisfy { !$0.tokens.contains { $0.text == "\n" } })
  }

  @Test("The best of many texts is the likeliest of them")
  func bestOf() throws {
    let rules = try WritingRules(maximumCount: 30, stops: ["\n"])
    let ranked = try model.ranked(20, from: "the ", rules: rules, seed: 5)
    #expect(ranked.count == 20)
    #expect(ranked.compactMap(\.seed).sorted() == Array(5..<25))
    for text in ranked.prefix(3) {
      var generator = try model.generate(
        from: "the ", rules: rules, seed: try #require(text.seed))
      var tokens: [WrittenToken] = []
      while let step = generator.nextStep() { tokens.append(step) }
      #expect(tokens.map(\.token) == text.tokens.map(\.token))
    }
    var scores: [Double] = []
    for seed in UInt64(5)..<25 {
      var generator = try model.generate(from: "the ", rules: rules, seed: seed)
      var tokens: [WrittenToken] = []
      while let step = generator.nextStep() { tokens.append(step) }
      let nats = tokens.reduce(0) { $0 + $1.nats }
      scores.append(tokens.isEmpty ? .infinity : nats / Double(tokens.count))
    }
    for (text, score) in zip(ranked, scores.sorted()) {
      #expect(text.score == score || abs(text.score - score) < 1e-4)
    }
  }

  @Test("What cannot be searched")
  func refused() throws {
    for width in [0, -1, 2000] {
      #expect(throws: SamplingError.self) { try BeamSearch(width: width) }
    }
    #expect(throws: SamplingError.self) { try BeamSearch(width: 4, groupCount: 3, diversity: 1) }
    #expect(throws: SamplingError.self) { try BeamSearch(width: 4, groupCount: 2) }
    #expect(throws: SamplingError.self) { try BeamSearch(width: 4, diversity: 1) }
    #expect(throws: SamplingError.self) { try BeamSearch(width: 4, lengthPower: .nan) }
    #expect(throws: SamplingError.self) {
      try model.search(BeamSearch(width: 2), rules: .none)
    }
  }
}
