import Foundation
import TextLM
import TextLMTestSupport
import Testing

@Suite("Training on documents")
struct DocumentTests {
  private static let lines = (0..<60).map { SmallTexts.noise(3 + $0 % 11, seed: UInt64($0)) }

  private func data(
    _ text: String, _ documents: DocumentRule, length: Int = 16, split: CorpusSplit = .none
  ) throws -> TrainingData {
    try TrainingData(
      [SmallTexts.file(text)],
      TrainingData.Options(
        split: split, batchSize: 3, sequenceLength: length,
        reading: ReadingRules(documents: documents)))
  }

  private func model(_ data: TrainingData, _ name: String) throws -> any LanguageModel {
    let model = try SmallModels.configuration(name, size: 12).makeModel(
      vocabularySize: data.tokenizer.vocabulary.count, from: RandomParameters(seed: 2))
    SmallModels.shake(model)
    return model
  }

  @Test("The boundary stands in front of each document")
  func boundaries() throws {
    let data = try data(Self.lines.joined(separator: "\n") + "\n", .line)
    let documents = data.streams.tokens.split(separator: Vocabulary.boundary)
    #expect(documents.map { data.tokenizer.decode($0) } == Self.lines)
    #expect(data.streams.tokens[0] == Vocabulary.boundary)
    // Each is measured by itself, with its end, which is one character.
    let characters = Self.lines.reduce(0) { $0 + $1.utf8.count }
    #expect(data.validation.targetCount == characters + Self.lines.count)
    #expect(data.validationCounts.characters == characters + Self.lines.count)
    #expect(data.validationCounts.words == Self.lines.count)
  }

  /// The mean loss of a window of documents, each row of which is read document by document.
  private func expected<Model: LanguageModel>(_ model: Model, _ data: TrainingData) -> Double {
    let pass = ForwardPass.inference()
    let streams = data.streams
    var sum = 0.0
    for start in streams.starts {
      var state = model.initialState(batchSize: 1)
      for place in start..<start + data.sequenceLength {
        if streams.tokens[place] == Vocabulary.boundary { state = model.initialState(batchSize: 1) }
        let input = TokenBatch([streams.tokens[place]], timeLength: 1, batchSize: 1)
        sum += Double(
          pass.softmaxCrossEntropy(
            model(input, state: &state, pass), targets: [streams.tokens[place + 1]]
          ).item)
      }
    }
    return sum / Double(streams.starts.count * data.sequenceLength)
  }

  @Test("A row's state starts anew at each document", arguments: SmallModels.names)
  func resets(name: String) throws {
    let data = try data(Self.lines.joined(separator: "\n"), .line)
    func check<Model: LanguageModel>(_ model: Model) throws {
      var trainer = Trainer(
        model, data.streams, sequenceLength: data.sequenceLength, TrainerSettings(seed: 1))
      let loss = try trainer.next(learningRate: 0).natsPerToken
      expectClose(loss, expected(model, data), tolerance: 1e-5, "loss")
      // Without that it would be another.
      let (input, targets) = data.streams.window(
        0
          * data.sequenceLength..<min(
            0 * data.sequenceLength + data.sequenceLength, data.streams.length))
      var state = model.initialState(batchSize: 3)
      let pass = ForwardPass.inference()
      let carried = pass.softmaxCrossEntropy(model(input, state: &state, pass), targets: targets)
      #expect(abs(Double(carried.item) - loss) > 1e-4, "the test could not fail")
    }
    try check(model(data, name))
  }

  @Test("What was read before a document does not matter to it", arguments: SmallModels.names)
  func independence(name: String) throws {
    func loss<Model: LanguageModel>(_ model: Model, _ first: [TokenID]) -> Tensor {
      let pass = ForwardPass.inference()
      var state = model.initialState(batchSize: 1)
      // Only what follows the boundary counts.
      let input = TokenBatch(first + [Vocabulary.boundary, 2, 3], timeLength: 5, batchSize: 1)
      return pass.loss(of: model, input, targets: [-1, -1, 2, 3, 4], state: &state).objective
    }
    let data = try data(Self.lines.joined(separator: "\n"), .line)
    let model = try model(data, name)
    #expect(loss(model, [2, 3]).item == loss(model, [4, 2]).item)
  }

  @Test("Streams have no documents")
  func streams() throws {
    #expect(throws: CorpusError.streamsOfDocuments) {
      try data(Self.lines.joined(separator: "\n"), .line, split: .streams(fraction: 0.1))
    }
  }
}
