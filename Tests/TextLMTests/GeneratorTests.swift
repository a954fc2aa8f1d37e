import Foundation
import TextLM
import TextLMTestSupport
import Testing

@Suite("Generating text")
struct GeneratorTests {
  private let trained: TestModel
  private var model: TextModel { trained.model }

  init() throws {
    trained = try TestModel.shared()
  }

  private func text(
    _ model: TextModel, prompt: String = "", seed: UInt64 = 1, count: Int = 200,
    sampling: [any LogitsProcessor] = []
  ) -> String {
    model.generate(from: prompt, sampling: sampling, seed: seed).prefix(count).joined()
  }

  @Test("The same seed gives the same text, another seed another")
  func seeds() throws {
    let (first, again, other) = (text(model), text(model), text(model, seed: 2))
    #expect(first == again && first != other)
    #expect(first.unicodeScalars.count == 200)
    // Read again from the file, and in another order of calls.
    let reread = try TextModel(contentsOf: trained.path)
    #expect(text(reread, seed: 2) == other && text(reread) == first)
  }

  @Test("The first characters do not depend on how many are taken")
  func prefixes() {
    let long = text(model, prompt: "the sea ", count: 100)
    #expect(text(model, prompt: "the sea ", count: 30) == long.prefix(30))
    var generator = model.generate(from: "the sea ", seed: 1)
    let pieces = (0..<30).compactMap { _ in generator.next() }
    #expect(pieces.joined() == long.prefix(30))
  }

  @Test(
    "A prompt may be anything",
    arguments: [
      "", "the", "Ἑλλάς", "水調歌頭", "नमस्ते", "שלום", "👩‍👩‍👧", "\0\u{1B}[31m", "\u{FEFF}", "e\u{301}",
      "<unk>", String(repeating: "a bell rang twice ", count: 60),
    ])
  func prompts(prompt: String) {
    let written = text(model, prompt: prompt, count: 40)
    #expect(written.unicodeScalars.count == 40)
    #expect(!written.unicodeScalars.contains("\u{FFFD}"), "an unknown character was drawn")
    #expect(written == text(model, prompt: prompt, count: 40))
  }

  @Test("Greedy text is the most likely token each time, after the prompt and all that followed")
  func greedy() throws {
    let prompt = "then a "
    let written = text(model, prompt: prompt, count: 30, sampling: [try Temperature(0)])
    let tokens = model.tokenizer.encode(prompt + written)
    let skipped = model.tokenizer.encode(prompt).count
    for (index, logits) in trained.logits(tokens).dropLast().enumerated().dropFirst(skipped) {
      var allowed = logits
      allowed[Int(Vocabulary.unknown)] = -.infinity
      let best = allowed.indices.reduce(0) { allowed[$1] > allowed[$0] ? $1 : $0 }
      #expect(Int(tokens[index]) == best, "token \(index)")
    }
  }

  /// Longer than what a prompt is read in at once.
  @Test("What was drawn costs what scoring it after the prompt says", arguments: [0, 7, 700])
  func costs(promptLength: Int) {
    let prompt = SmallTexts.prose(promptLength, seed: 6)
    var generator = model.generate(from: prompt, sampling: [], seed: 5)
    let steps = (0..<20).compactMap { _ in generator.nextStep() }
    let whole = UTF8Text(prompt + steps.map(\.text).joined())
    let scores = model.scoreTokens(whole).suffix(20)
    #expect(steps.map(\.token) == scores.map(\.token))
    expectClose(steps.map(\.nats), scores.map(\.nats), tolerance: 1e-4, "costs")
  }

  @Test("A text ends where the model ends it, and stays ended")
  func end() throws {
    // A model of its own, which is changed.
    let model = try TestModel().model
    let bias = try #require(model.languageModel.parameters.first { $0.path == "head.bias" })
    var values = bias.value.array
    values[Int(Vocabulary.boundary)] = 1e4
    bias.value = Tensor(values, shape: bias.shape)
    var generator = model.generate(from: "the")
    #expect(generator.next() == nil)
    #expect(generator.next() == nil && generator.nextStep() == nil)
    #expect(text(model) == "")
  }

  @Test("A model that spells in bytes writes whole characters only")
  func bytes() throws {
    let model = try TestModel(maximumUnitCount: 6).model
    var generator = model.generate(from: "the 水", seed: 4)
    var tokens: [TokenID] = []
    var pieces = ""
    while tokens.count < 300, let step = generator.nextStep() {
      tokens.append(step.token)
      pieces += step.text
    }
    let whole = model.tokenizer.decode(tokens)
    // All but a last character that has only begun.
    #expect(whole.unicodeScalars.starts(with: pieces.unicodeScalars))
    #expect(whole.unicodeScalars.count - pieces.unicodeScalars.count <= 1)
    #expect(
      tokens.contains {
        if case .byte = model.tokenizer.vocabulary.kind(of: $0) { true } else { false }
      })
  }

  @Test("Many texts at once do not disturb each other")
  func concurrency() async {
    let model = model
    let expected = (0..<4).map { text(model, seed: $0, count: 60) }
    let found = await withTaskGroup(of: (Int, String).self) { group in
      for index in 0..<16 {
        group.addTask {
          let pieces = model.generate(seed: UInt64(index % 4)).prefix(60)
          return (index % 4, pieces.joined())
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    for (index, text) in found { #expect(text == expected[index]) }
  }
}
