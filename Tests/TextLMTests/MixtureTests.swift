import Foundation
import TextLM
import TextLMTensors
import TextLMTestSupport
import Testing

@Suite("Models that predict together")
struct MixtureTests {
  private static func model(
    order: Int, in folder: StorageTestFolder, name: String = "m", text: String? = nil,
    direction: ReadingDirection = .forward, rule: VocabularyRule = VocabularyRule()
  ) throws -> TextModel {
    let training = NGramTraining(
      try NGramConfiguration(order: order, direction: direction),
      TrainingData.Options(batchSize: 1, sequenceLength: 1, vocabulary: rule))
    let file = try SmallTexts.file(text ?? SmallTexts.prose(3000))
    _ = try training.train(corpus: [file], path: folder.path(name), overwrites: true)
    return try TextModel(contentsOf: folder.path(name))
  }

  private func mixture(_ models: TextModel..., weights: [Double]? = nil) throws -> ModelMixture {
    try ModelMixture(
      models.enumerated().map { ModelMixture.Part($0.element, name: "m\($0.offset)") },
      weights: weights.map { try MixtureWeights(others: $0) })
  }

  @Test("One character costs what the mean of the probabilities says")
  func mean() throws {
    let folder = try StorageTestFolder()
    let (pairs, longer) = (
      try Self.model(order: 2, in: folder), try Self.model(order: 5, in: folder)
    )
    // Both know t; neither knows Z, and both pay for naming it.
    for text in ["t", "Z"] {
      let costs = try [pairs, longer].map { try $0.score(text).nats }
      let half = try mixture(pairs, longer).score([UTF8Text(text)])[0]
      let expected = -log((exp(-costs[0]) + exp(-costs[1])) / 2)
      expectClose(half.nats, expected, tolerance: 1e-9, text)
      let third = try mixture(pairs, longer, weights: [0.25]).score([UTF8Text(text)])[0]
      let unequal = -log(0.75 * exp(-costs[0]) + 0.25 * exp(-costs[1]))
      expectClose(third.nats, unequal, tolerance: 1e-9, text)
    }
  }

  @Test("A model with itself is itself; documents and lines sum up", arguments: [false, true])
  func itself(includesEnds: Bool) throws {
    let folder = try StorageTestFolder()
    let model = try Self.model(order: 4, in: folder)
    let twice = try mixture(model, model)
    let text = UTF8Text("the sea was calm.\nno Öne came\n\nmorning")
    let alone = try model.score([text], includesEnds: includesEnds)[0]
    let together = try twice.score([text], includesEnds: includesEnds)[0]
    expectClose(together.nats, alone.nats, tolerance: 1e-6, "nats")
    #expect(together.counts == alone.counts && together.tokenCount == alone.tokenCount)
    let lines = twice.scoreLines(text, includesEnd: includesEnds)
    let expected = model.scoreLines(text, includesEnd: includesEnds)
    #expect(lines.map(\.text) == expected.map(\.text))
    for (line, own) in zip(lines, expected) {
      expectClose(line.evaluation.nats, own.evaluation.nats, tolerance: 1e-6, line.text)
      #expect(line.evaluation.counts == own.evaluation.counts)
    }
  }

  @Test("Vocabularies may differ: what counts is the character")
  func vocabularies() throws {
    let folder = try StorageTestFolder()
    let one = try Self.model(order: 3, in: folder)
    let other = try Self.model(
      order: 3, in: folder,
      text: SmallTexts.prose(2500, seed: 4) + String(repeating: "ZQ ", count: 200))
    #expect(one.tokenizer.vocabulary.count != other.tokenizer.vocabulary.count)
    let costs = [one, other].map { model in
      model.scoreTokens(UTF8Text("sea ZQ bell")).map(\.nats)
    }
    let expected = zip(costs[0], costs[1]).reduce(0) { $0 - log((exp(-$1.0) + exp(-$1.1)) / 2) }
    let found = try mixture(one, other).score([UTF8Text("sea ZQ bell")])[0]
    expectClose(found.nats, expected, tolerance: 1e-9, "nats")
    #expect(found.counts.unknown == 2)
  }

  @Test("Other units, other directions and a single model are refused")
  func refusals() throws {
    let folder = try StorageTestFolder()
    let model = try Self.model(order: 3, in: folder)
    #expect(throws: MixtureError.tooFew) { try mixture(model) }
    let backward = try Self.model(order: 3, in: folder, direction: .backward)
    #expect(throws: MixtureError.direction(first: "m0", other: "m1")) {
      try mixture(model, backward)
    }
    let spelled = try Self.model(
      order: 3, in: folder, rule: VocabularyRule(maximumUnitCount: 10))
    let error = #expect(throws: MixtureError.self) { try mixture(model, spelled) }
    #expect(error?.description.contains("spell different units in bytes") == true)
    #expect(throws: MixtureError.weights([0.7, 0.6])) { try MixtureWeights(others: [0.7, 0.6]) }
  }

  @Test("Tuned weights are the likeliest ones")
  func tuning() throws {
    // Each is sure of one half of the tokens: equal parts are best.
    let equal = MixtureWeights(tunedFor: [[0.1, 3, 0.1, 3], [3, 0.1, 3, 0.1]])
    expectClose(equal.values[0], 0.5, tolerance: 1e-6, "equal")
    // One is always better.
    let single = MixtureWeights(tunedFor: [[0.5, 0.5], [2, 2]])
    #expect(single.values[0] > 0.99)
    // p = (1, 0) on three tokens of four, (0, 1) on the fourth: Σ log w is greatest at 3/4.
    let three = MixtureWeights(tunedFor: [[0, 0, 0, 40], [40, 40, 40, 0]])
    expectClose(three.values[0], 0.75, tolerance: 1e-4, "three of four")
    let folder = try StorageTestFolder()
    let models = mixtureOf(
      try Self.model(order: 2, in: folder), try Self.model(order: 6, in: folder))
    let texts = [UTF8Text(SmallTexts.prose(400, seed: 8))]
    let plain = try ModelMixture(models)
    let tuned = try plain.tuned(on: texts)
    #expect(try tuned.score(texts)[0].nats <= plain.score(texts)[0].nats)
  }

  private func mixtureOf(_ models: TextModel...) -> [ModelMixture.Part] {
    models.map { ModelMixture.Part($0, name: "m") }
  }
}
