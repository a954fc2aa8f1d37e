import TextLM
import TextLMTestSupport
import Testing

@Suite("Trainer")
struct TrainerTests {
  private let data: TrainingData

  init() throws {
    // 500 characters in 3 rows of 166 predictions: windows of 50, 50, 50 and 16.
    data = try TrainingData(
      [SmallTexts.file(SmallTexts.prose(500))],
      TrainingData.Options(split: .none, batchSize: 3, sequenceLength: 50))
    #expect(data.stepsPerEpoch == 4 && data.streams.length == 166)
  }

  private func model(_ name: String) throws -> any LanguageModel {
    let model = try SmallModels.configuration(name, size: 16).makeModel(
      vocabularySize: data.tokenizer.vocabulary.count, from: RandomParameters(seed: 2))
    SmallModels.shake(model)
    return model
  }

  /// The loss of each window of an epoch, read with or without the state of the one before.
  private func losses<Model: LanguageModel>(_ model: Model, carryingState: Bool) -> [Double] {
    let pass = ForwardPass.inference()
    var state = model.initialState(batchSize: 3)
    return (0..<data.stepsPerEpoch).map { index in
      if !carryingState { state = model.initialState(batchSize: 3) }
      let (input, targets) = data.streams.window(
        index * 50..<min(index * 50 + 50, data.streams.length))
      return Double(
        pass.softmaxCrossEntropy(model(input, state: &state, pass), targets: targets).item)
    }
  }

  @Test(
    "State is carried from window to window and starts empty with each epoch",
    arguments: SmallModels.names)
  func carriedState(name: String) throws {
    func check<Model: LanguageModel>(_ model: Model) throws {
      var trainer = Trainer(model, data.streams, sequenceLength: 50, TrainerSettings(seed: 1))
      // Nothing is learned at rate 0, so that every epoch is the same.
      let reports = try (0..<12).map { _ in try trainer.next(learningRate: 0) }
      let expected = losses(model, carryingState: true)
      expectClose(
        reports.map(\.natsPerToken), expected + expected + expected, tolerance: 1e-5, "losses")
      let forgetful = losses(model, carryingState: false)
      #expect(abs(forgetful[1] - expected[1]) > 1e-4, "the test could not fail")
      #expect(reports.map(\.step) == Array(1...12))
      let parts = [50.0 / 166, 100.0 / 166, 150.0 / 166, 1]
      expectClose(
        reports.map(\.epoch), parts + parts.map { $0 + 1 } + parts.map { $0 + 2 },
        tolerance: 1e-12, "epochs")
      #expect(reports.prefix(4).map(\.tokenCount) == [150, 150, 150, 48])
      #expect(trainer.progress.tokenCount == 3 * 498)
    }
    try check(model(name))
  }

  @Test("The learning rate of a step is the caller's, and weights move by about as much")
  func learningRate() throws {
    func movement<Model: LanguageModel>(_ model: Model, rate: Double) throws -> Float {
      let before = model.parameters.map(\.value.array)
      var trainer = Trainer(
        model, data.streams, sequenceLength: 50, TrainerSettings(seed: 1, weightDecay: 0))
      #expect(try trainer.next(learningRate: rate).learningRate == rate)
      return zip(model.parameters, before).reduce(0) { greatest, pair in
        zip(pair.0.value.array, pair.1).reduce(greatest) { max($0, abs($1.0 - $1.1)) }
      }
    }
    // Adam's first step is the rate times the sign of the gradient.
    for rate in [0.001, 0.01] {
      expectClose(
        Double(try movement(model("lstm"), rate: rate)), rate, tolerance: 0.01 * rate, "movement")
    }
    #expect(try movement(model("lstm"), rate: 0) == 0)
  }

  @Test("Clipping shortens what is learned from, not what is reported")
  func clipping() throws {
    func norms<Model: LanguageModel>(_ model: Model, _ clip: GradientClip?) throws -> [Double] {
      var trainer = Trainer(
        model, data.streams, sequenceLength: 50, TrainerSettings(seed: 1, clip: clip))
      return try (0..<2).map { _ in try trainer.next(learningRate: 0.01).gradientNorm }
    }
    let free = try norms(model("lstm"), nil)
    let clipped = try norms(model("lstm"), GradientClip(maximumNorm: 1e-9))
    #expect(free[0] == clipped[0] && free[0] > 0.01)
    // Gradients of that size are below what Adam adds for safety, so the second step differs.
    #expect(free[1] != clipped[1])
  }
}
