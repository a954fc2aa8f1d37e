import Foundation
import TextLM
import TextLMTestSupport
import Testing

@Suite("Language models")
struct LanguageModelTests {
  /// Every architecture, with an output of its own and a tied one.
  static let cases = SmallModels.names.flatMap { [($0, false), ($0, true)] }

  private func model(
    _ name: String, isTied: Bool, size: Int = 32, vocabularySize: Int
  ) throws -> any LanguageModel {
    try configuration(name, isTied: isTied, size: size)
      .makeModel(vocabularySize: vocabularySize, from: RandomParameters(seed: 4))
  }

  /// With an embedding as wide as the encoder's output, which is not `size` for all.
  private func configuration(
    _ name: String, isTied: Bool, size: Int
  ) throws -> ModelConfiguration {
    let outputSize = try SmallModels.architecture(name, size: size).outputSize
    return try SmallModels.configuration(
      name, size: size, embeddingSize: outputSize, isTied: isTied)
  }

  @Test("Parameters are counted without building", arguments: cases)
  func parameterCount(name: String, isTied: Bool) throws {
    let configuration = try configuration(name, isTied: isTied, size: 5)
    let model = try configuration.makeModel(
      vocabularySize: 7, from: RandomParameters(seed: 1))
    let count = model.parameters.reduce(0) { $0 + $1.shape.count }
    #expect(configuration.parameterCount(vocabularySize: 7) == count)
    let hasOutputOfItsOwn = model.parameters.contains { $0.path == "head.weight" }
    #expect(hasOutputOfItsOwn == !isTied)
  }

  @Test("An untrained model knows nothing: its loss is ln V within 0.3", arguments: cases)
  func initialLoss(name: String, isTied: Bool) throws {
    func loss<Model: LanguageModel>(_ model: Model) -> Double {
      let tokens = (0...200).map { Int32($0 * $0 * 7 % 50) }
      let pass = ForwardPass.inference()
      var state = model.initialState(batchSize: 4)
      let batch = TokenBatch(Array(tokens[..<200]), timeLength: 50, batchSize: 4)
      let logits = model(batch, state: &state, pass)
      #expect(logits.shape == [50, 4, 50])
      return Double(pass.softmaxCrossEntropy(logits, targets: Array(tokens[1...])).item)
    }
    let value = loss(try model(name, isTied: isTied, vocabularySize: 50))
    expectClose(value, log(50), tolerance: 0.3 / log(50), "loss against ln 50")
  }

  @Test("64 characters are learned by heart", arguments: cases)
  func overfitting(name: String, isTied: Bool) throws {
    let standardRate = try SmallModels.architecture(name, size: 48).standardLearningRate
    let learned = 0.02
    func finalLoss<Model: LanguageModel>(_ model: Model) throws -> Double {
      let text = SmallTexts.noise(64, letters: 9)
      let tokens = [0] + text.utf8.map { Int32($0) - 96 }
      var trainer = Trainer(
        model, TokenStreams(cutting: TokenStore(tokens), into: 1), sequenceLength: 64,
        TrainerSettings(seed: 1, weightDecay: 0))
      // Far above what suits a text, but not for all by the same factor.
      let plan = LearningRatePlan(
        peak: min(0.03, 7.5 * standardRate), warmupSteps: 5, horizon: .steps(300))
      var last = Double.infinity
      for step in 0..<300 where last >= learned {
        let rate = plan.rate(at: .init(step: step))
        last = try trainer.next(learningRate: rate).natsPerToken
      }
      return last
    }
    // With the three steps that small transformers see, some places of the text look the same.
    let architecture = try SmallModels.architecture(
      name, size: 48, setting: name == "transformer" ? ("context", "16") : nil)
    let configuration = ModelConfiguration(
      architecture: architecture, embeddingSize: architecture.outputSize, isTied: isTied)
    let loss = try finalLoss(
      try configuration.makeModel(vocabularySize: 10, from: RandomParameters(seed: 4)))
    #expect(loss < learned)
  }

  @Test("A tied output needs equal widths")
  func tiedWidths() throws {
    let configuration = try SmallModels.configuration(size: 5, embeddingSize: 4, isTied: true)
    let error = ArchitectureError.tiedWidths(embeddingSize: 4, outputSize: 5)
    #expect(throws: error) { try configuration.checkWidths() }
    #expect(throws: error) {
      try configuration.makeModel(vocabularySize: 9, from: RandomParameters(seed: 1))
    }
  }

  @Test("The output starts at the frequencies of the text")
  func startOutput() throws {
    var counts = UnitCounts()
    counts.add(UTF8Text("aabaabaa"), segmenter: CodePointSegmenter())
    let vocabulary = try Vocabulary(counts: counts, kind: .scalar, rule: VocabularyRule())
    let model = try model("lstm", isTied: false, vocabularySize: 4)
    model.startOutput(at: vocabulary.logFrequencies(boundaryCount: 3))
    let bias = try #require(model.parameters.first { $0.path == "head.bias" })
    // Half a count each for the boundary and `<unk>`, and on top of the others.
    let total = 6 + 2 + 3 + 4 * 0.5
    let expected = [3.5, 0.5, 6.5, 2.5].map { log($0 / total) }
    expectClose(bias.value.array.map(Double.init), expected, tolerance: 1e-6, "bias")
  }

  @Test("Settings survive being written and read", arguments: cases)
  func configurationRoundTrip(name: String, isTied: Bool) throws {
    let configuration = try SmallModels.configuration(
      name, size: 6, embeddingSize: 6, rate: 0.125, isTied: isTied)
    let read = try ModelConfiguration(
      JSONField(JSONValue(parsing: configuration.json.text()), path: "config"))
    #expect(read.json == configuration.json)
    #expect(read.embeddingSize == 6 && read.isTied == isTied)
  }
}
