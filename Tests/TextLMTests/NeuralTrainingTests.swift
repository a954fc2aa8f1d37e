import Foundation
import TextLM
import TextLMTensors
import TextLMTestSupport
import Testing

@Suite("Neural classifiers: training")
struct NeuralTrainingTests {
  private let texts = SmallClassifiers.markedTexts(44, seed: 1)
  private let others = SmallClassifiers.markedTexts(20, seed: 2)

  private func training(
    _ settings: NeuralTrainingSettings, path: String? = nil
  ) throws -> NeuralClassifierTraining {
    try NeuralClassifierTraining(
      settings, .new(SmallClassifiers.tokenizer()), training: texts, validation: others, path: path)
  }

  @Test(
    "What tells texts apart is learned, and explained", arguments: [TextPooling.max, .attention])
  func learning(pooling: TextPooling) throws {
    let texts = SmallClassifiers.markedTexts(240, seed: 3)
    let settings = try SmallClassifiers.settings(epochs: 14, pooling: pooling)
    let result = try NeuralClassifierTraining(
      settings, .new(SmallClassifiers.tokenizer()), training: texts, validation: others
    ).train { _ in true }
    let best = try #require(result.best)
    #expect(best.validation.accuracy >= 0.95 && best.validation.nats < 0.3)
    #expect(result.epochs.count == 14 && !result.wasStopped)
    // Where the a is alone what speaks for the class, its drop is the greatest.
    let values = try result.classifier.occlusion(of: "cdaefdc")
    #expect(values.indices.max { values[$0] < values[$1] } == 2)
  }

  @Test(
    "A training that was stopped goes on as if it had not been", arguments: [3, 5, 6, 9])
  func resuming(step: Int) throws {
    let folder = try StorageTestFolder()
    let settings = try SmallClassifiers.settings(
      steps: 14, noise: NoiseRule(substitution: 0.1, deletion: 0.1),
      averaging: .exponential(decay: 0.9))
    let whole = try training(settings, path: folder.path("whole")).train { _ in true }
    // Of 6 batches an epoch, the last steps of both end within one.
    #expect(whole.epochs.map(\.step) == [6, 12, 14])
    let stopped = try training(settings, path: folder.path("parts")).train { event in
      if case .step(let report, _) = event { report.step != step } else { true }
    }
    #expect(stopped.wasStopped && stopped.stepCount == step)
    let resumed = try NeuralClassifierTraining(
      resuming: folder.path("parts"), training: texts, validation: others
    ).train { _ in true }
    #expect(resumed.best == whole.best && resumed.epochs == whole.epochs)
    try RunFiles.expectEqual(folder.path("whole"), folder.path("parts"), "after step \(step)")
    let stored = try NeuralClassifier(contentsOf: folder.path("whole"))
    #expect(
      try stored.probabilities(of: others.texts)
        == resumed.classifier.probabilities(of: others.texts))
    #expect(throws: NeuralClassifierError.otherTexts(path: folder.path("parts"))) {
      try NeuralClassifierTraining(
        resuming: folder.path("parts"), training: others, validation: texts)
    }
    #expect(throws: TrainingError.runExists(path: folder.path("parts"))) {
      try training(settings, path: folder.path("parts"))
    }
  }

  @Test("A stop right after a measurement is none either, and a seed gives one training")
  func stoppingAtEpochs() throws {
    let folder = try StorageTestFolder()
    let settings = try SmallClassifiers.settings()
    for name in ["one", "same"] {
      _ = try training(settings, path: folder.path(name)).train { _ in true }
    }
    try RunFiles.expectEqual(folder.path("one"), folder.path("same"), "the same seed")
    let stopped = try training(settings, path: folder.path("parts")).train { event in
      if case .evaluation = event { false } else { true }
    }
    #expect(stopped.wasStopped && stopped.epochs.count == 1)
    _ = try NeuralClassifierTraining(
      resuming: folder.path("parts"), training: texts, validation: others
    ).train { _ in true }
    try RunFiles.expectEqual(folder.path("one"), folder.path("parts"), "after an epoch")
    let inMemory = try training(settings).train { _ in true }
    let stored = try NeuralClassifier(contentsOf: folder.path("one"))
    #expect(
      try stored.probabilities(of: others.texts)
        == inMemory.classifier.probabilities(of: others.texts))
  }

  @Test("The best is kept, and training ends when it becomes no better, or the time is over")
  func ending() throws {
    // Nothing is learned, so the first measurement is the best.
    let still = try SmallClassifiers.settings(epochs: 9, rate: 0, patience: 2)
    let result = try training(still).train { _ in true }
    #expect(result.wasStoppedEarly && result.epochs.count == 3)
    #expect(result.best == result.epochs.first)
    var timed = try SmallClassifiers.settings()
    timed.plan.horizon = .seconds(0.3)
    let short = try training(timed).train { _ in true }
    #expect(!short.wasStopped && short.clock.elapsedSeconds < 2 && short.best != nil)
  }

  @Test("Epochs bound a time, until another is asked for")
  func boundedEpochs() throws {
    let folder = try StorageTestFolder()
    var settings = try SmallClassifiers.settings()
    (settings.plan.horizon, settings.plan.mostEpochs) = (.seconds(600), 2)
    let bounded = try training(settings, path: folder.path("run")).train { _ in true }
    #expect(bounded.epochs.map(\.step) == [6, 12] && !bounded.wasStopped)
    func goOn(_ horizon: LearningRatePlan.Horizon?) throws -> Int {
      try NeuralClassifierTraining(
        resuming: folder.path("run"), training: texts, validation: others, horizon: horizon
      ).train { event in
        if case .step(let report, _) = event { report.step < 20 } else { true }
      }.stepCount
    }
    #expect(try goOn(nil) == 12)
    #expect(try goOn(.seconds(600)) == 20)
  }

  @Test("A training that diverges goes back, and gives up with numbers in its files")
  func diverging() throws {
    let folder = try StorageTestFolder()
    let settings = try SmallClassifiers.settings(
      steps: 400, rate: 1e30, course: .constant)
    var rollbackCount = 0
    #expect(throws: NeuralClassifierError.self) {
      try training(settings, path: folder.path("run")).train { event in
        if case .rollback = event { rollbackCount += 1 }
        return true
      }
    }
    #expect(rollbackCount > 0)
    let file = try SafetensorsFile(
      contentsOf: folder.path("run/state.safetensors"), checksums: .required)
    for tensor in file.tensors {
      let values = try Tensor(unsafeUninitialized: Shape(tensor.shape)) {
        try file.readFloats(tensor.name, shape: tensor.shape, into: $0)
      }
      #expect(values.isFinite, "\(tensor.name)")
    }
  }

  @Test("Texts and truths that do not fit are refused")
  func refusals() throws {
    let settings = try SmallClassifiers.settings()
    func train(_ texts: [String], _ truth: [[Int]]) throws {
      _ = try NeuralClassifierTraining(
        settings, .new(SmallClassifiers.tokenizer()),
        training: ClassifierExamples(texts: texts, truth: truth), validation: others)
    }
    #expect(throws: NeuralClassifierError.noTexts(part: "training")) { try train([], []) }
    #expect(throws: NeuralClassifierError.unequalCounts(part: "training", texts: 1, truths: 0)) {
      try train(["a"], [])
    }
    for classes in [[], [2], [-1], [0, 1]] {
      #expect(
        throws: NeuralClassifierError.truth(
          part: "training", index: 1, classes: classes, count: 2)
      ) { try train(["a", "b"], [[0], classes]) }
    }
    var weighted = settings
    weighted.classWeights = [1, 0]
    #expect(throws: NeuralClassifierError.classWeights([1, 0], count: 2)) {
      try training(weighted)
    }
    for rates in [
      ParameterRates(frozen: [PathPattern("head.*")]),
      ParameterRates(factors: [try .init("head.weight=0")]),
    ] {
      var still = settings
      still.rates = rates
      #expect(throws: NeuralClassifierError.frozenHead) { try training(still) }
    }
    let folder = try StorageTestFolder()
    #expect(throws: TrainingError.noRun(path: folder.path)) {
      try NeuralClassifierTraining(resuming: folder.path, training: texts, validation: others)
    }
  }

  @Test("A language model's encoder is taken over, stays frozen, and thaws from the top")
  func transfer() throws {
    let donor = try TestModel(steps: 4)
    let transfer = try EncoderTransfer(donor.model, name: "donor")
    let labels = try LabelSet(kind: .single, names: ["neither", "yes"])
    var settings = try SmallClassifiers.settings(epochs: 1)
    settings.classifier = try transfer.configuration(labels: labels, sides: .both)
    settings.rates = ParameterRates(frozen: EncoderTransfer.patterns)
    let frozen = try NeuralClassifierTraining(
      settings, .encoder(transfer), training: texts, validation: others)
    let before = frozen.classifier.parameters.map(\.value)
    let result = try frozen.train { _ in true }
    let known = Dictionary(
      uniqueKeysWithValues: donor.model.languageModel.parameters.map { ($0.path, $0.value) })
    for (parameter, before) in zip(result.classifier.parameters, before) {
      let isTaken = EncoderTransfer.patterns.contains { $0.matches(parameter.path) }
      #expect((parameter.value.array == before.array) == isTaken, "\(parameter.path)")
      guard isTaken else { continue }
      let path =
        parameter.path.hasPrefix("forward.")
        ? "rnn." + parameter.path.dropFirst("forward.".count) : parameter.path
      expectIdentical(parameter.value, try #require(known[path]), path)
    }
    settings.rates = ParameterRates(unfreezeInterval: 1)
    let thawing = try NeuralClassifierTraining(
      settings, .encoder(transfer), training: texts, validation: others)
    let first = thawing.classifier.parameters.map(\.value)
    let thawed = try thawing.train { _ in true }.classifier.parameters
    for (parameter, before) in zip(thawed, first) {
      let isHead = parameter.path.hasPrefix("head.")
      #expect((parameter.value.array != before.array) == isHead, "\(parameter.path)")
    }
    settings.classifier = try SmallClassifiers.configuration(labels, architecture: "gru")
    #expect(throws: TransferError.architecture(model: "donor", found: "lstm", wanted: "gru")) {
      try NeuralClassifierTraining(
        settings, .encoder(transfer), training: texts, validation: others)
    }
  }
}
