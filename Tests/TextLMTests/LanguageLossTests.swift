import Foundation
import TextLM
import TextLMTensors
import TextLMTestSupport
import Testing

@Suite("Neural classifiers: a language model's loss")
struct LanguageLossTests {
  private let texts = SmallClassifiers.markedTexts(44, seed: 1)
  private let others = SmallClassifiers.markedTexts(20, seed: 2)

  /// Settings of a small network that reads forwards, without dropout.
  private func settings(
    weight: Double = 1, steps: Int? = nil, epochs: Int = 2, rate: Double = 0.02,
    averaging: AveragingRule? = nil
  ) throws -> NeuralTrainingSettings {
    var settings = try SmallClassifiers.settings(
      steps: steps, epochs: epochs, rate: rate, averaging: averaging)
    settings.classifier = try SmallClassifiers.configuration(
      LabelSet(kind: .single, names: ["neither", "yes"]), architecture: "gru", size: 8,
      sides: .forward)
    settings.languageLossWeight = weight
    return settings
  }

  private func training(
    _ settings: NeuralTrainingSettings, path: String? = nil
  ) throws -> NeuralClassifierTraining {
    try NeuralClassifierTraining(
      settings, .new(SmallClassifiers.tokenizer()), training: texts, validation: others, path: path)
  }

  @Test("The tokens to tell are those that are written, and no padding")
  func targets() throws {
    let batch = ClassifierBatch([[5, 6], [], [7]])
    #expect(batch.nextTokens == [5, -1, 7, 6, -1, -1, -1, -1, -1])
    let tokenizer = try SmallClassifiers.tokenizer()
    let noise = try #require(TokenNoise(NoiseRule(deletion: 0.9), tokenizer.vocabulary))
    let written = ClassifierBatch([tokenizer.encode("a decade faced a bad cab")])
    var random = RandomSource(seed: 1)
    let disturbed = written.disturbed(by: noise, random: &random)
    #expect(disturbed.ahead != written.ahead && disturbed.nextTokens == written.nextTokens)
  }

  @Test("Without weights its nats are those of the bias, over all tokens of all texts")
  func nats() throws {
    let classifier = try SmallClassifiers.classifier(architecture: "rnn", sides: .forward)
    let tokens = ["ab", "", "cabfe"].map { classifier.tokenizer.encode($0) }
    let count = classifier.tokenizer.vocabulary.count
    let output = try NextTokenOutput(
      vocabularySize: count, inputSize: 4, from: RandomParameters(seed: 1))
    #expect(output.parameters.map(\.path) == ["next_token.weight", "next_token.bias"])
    let bias = (0..<count).map { Double($0) / 4 }
    output.parameters[0].value = Tensor(zeros: output.parameters[0].shape)
    output.parameters[1].value = Tensor(bias.map { Float($0) }, shape: [count])
    let losses = classifier.losses(
      ClassifierBatch(tokens), truth: [[0], [2], [1]], classWeights: nil, nextToken: output,
      .inference())
    // ln Σ e^b − b[token], for 7 tokens.
    let total = log(bias.reduce(0) { $0 + exp($1) })
    let wanted = tokens.joined().map { total - bias[Int($0)] }
    #expect(wanted.count == 7)
    expectClose(
      Double(try #require(losses.nextToken).item), wanted.reduce(0, +) / 7, tolerance: 1e-5,
      "nats")
    let without = classifier.loss(
      ClassifierBatch(tokens), truth: [[0], [2], [1]], classWeights: nil, .inference())
    #expect(losses.labels.item == without.item)
    let nothing = classifier.losses(
      ClassifierBatch([[], []]), truth: [[0], [1]], classWeights: nil, nextToken: output,
      .inference())
    #expect(nothing.nextToken?.item == 0)
  }

  @Test("A step goes along the sum of both losses")
  func gradients() throws {
    let weight: Float = 0.3
    let classifier = try SmallClassifiers.classifier(
      architecture: "rnn", size: 2, sides: .forward)
    let output = try NextTokenOutput(
      vocabularySize: classifier.tokenizer.vocabulary.count, inputSize: 2,
      from: RandomParameters(seed: 1))
    let batch = ClassifierBatch(["ab", "", "cabfe"].map { classifier.tokenizer.encode($0) })
    func loss(_ pass: ForwardPass) throws -> Tensor {
      let losses = classifier.losses(
        batch, truth: [[0], [2], [1]], classWeights: nil, nextToken: output, pass)
      return pass.add(losses.labels, pass.scale(try #require(losses.nextToken), by: weight))
    }
    try checkGradients(
      "both losses", parameters: classifier.parameters + output.parameters
    ) { pass, _ in try loss(pass) }

    // The first step of a training on one batch, against the same computed here.
    var settings = try settings(weight: Double(weight), steps: 1)
    settings.batchSize = 44
    let own = try training(settings)
    let tokens = texts.texts.map { own.classifier.tokenizer.encode($0) }
    let next = try NextTokenOutput(
      vocabularySize: own.classifier.tokenizer.vocabulary.count, inputSize: 8,
      from: RandomParameters(seed: settings.trainer.seed))
    let (total, wanted) = try valueWithGradients(random: RandomSource(seed: 1)) { pass in
      let losses = own.classifier.losses(
        ClassifierBatch(tokens), truth: texts.truth, classWeights: nil, nextToken: next, pass)
      return pass.add(losses.labels, pass.scale(try #require(losses.nextToken), by: weight))
    }
    var step: NeuralTrainingStep?
    _ = try own.train { event in
      if case .step(let report, _) = event { step = report }
      return true
    }
    let found = try #require(step)
    expectClose(found.gradientNorm, wanted.globalNorm, tolerance: 1e-4, "norm")
    expectClose(
      found.loss + Double(weight) * (try #require(found.nextTokenNats)), Double(total),
      tolerance: 1e-4, "loss")
  }

  @Test("What begins with a language model tells what that told", arguments: [false, true])
  func transfer(isTied: Bool) throws {
    let donor = try TestModel(steps: 4, isTied: isTied)
    let transfer = try EncoderTransfer(donor.model, name: "donor")
    var settings = try settings(weight: 0.5, steps: 1, rate: 0)
    settings.classifier = try transfer.configuration(
      labels: LabelSet(kind: .single, names: ["neither", "yes"]), dropout: 0)
    settings.batchSize = 44
    let training = try NeuralClassifierTraining(
      settings, .encoder(transfer), training: texts, validation: others)
    var told: Double?
    _ = try training.train { event in
      if case .step(let report, _) = event { told = report.nextTokenNats }
      return true
    }
    let wanted = texts.texts.flatMap { text -> [Double] in
      let tokens = donor.model.tokenizer.encode(text)
      return zip(donor.logits(tokens), tokens).map { logits, token in
        log(logits.reduce(0) { $0 + exp($1) }) - logits[Int(token)]
      }
    }
    expectClose(
      try #require(told), wanted.reduce(0, +) / Double(wanted.count), tolerance: 1e-4, "nats")
  }

  @Test("The encoder learns both, and the classifier's file has the one output alone")
  func learning() throws {
    let folder = try StorageTestFolder()
    let result = try training(settings(epochs: 5, rate: 0.05), path: folder.path("run")).train {
      _ in true
    }
    let nats = try result.epochs.map { try #require($0.nextTokenNats) }
    // Five letters that are drawn evenly cost ln 5 = 1.61 each, and before any training at least ln 9.
    #expect(nats.count == 5 && nats[4] < nats[0] - 0.1)
    let stored = try NeuralClassifier(contentsOf: folder.path("run"))
    #expect(!stored.parameters.contains { $0.path.hasPrefix("next_token") })
    #expect(
      try stored.probabilities(of: others.texts)
        == result.classifier.probabilities(of: others.texts))
    let without = try training(settings(weight: 0, epochs: 1)).train { _ in true }
    #expect(without.epochs.allSatisfy { $0.nextTokenNats == nil })
  }

  @Test("A training that was stopped goes on as if it had not been", arguments: [4, 6])
  func resuming(step: Int) throws {
    let folder = try StorageTestFolder()
    let settings = try settings(
      weight: 0.5, steps: 8, averaging: .exponential(decay: 0.9))
    let whole = try training(settings, path: folder.path("whole")).train { _ in true }
    let stopped = try training(settings, path: folder.path("parts")).train { event in
      if case .step(let report, _) = event { report.step != step } else { true }
    }
    #expect(stopped.wasStopped)
    let resumed = try NeuralClassifierTraining(
      resuming: folder.path("parts"), training: texts, validation: others)
    #expect(resumed.settings.languageLossWeight == 0.5)
    let result = try resumed.train { _ in true }
    #expect(result.epochs == whole.epochs)
    try RunFiles.expectEqual(folder.path("whole"), folder.path("parts"), "after step \(step)")
  }

  @Test("Where it cannot be had or changes nothing it is refused")
  func refusals() throws {
    func expect(
      _ obstacle: NeuralClassifierError.LanguageLossObstacle,
      _ change: (inout NeuralTrainingSettings) throws -> Void
    ) throws {
      var settings = try settings()
      try change(&settings)
      #expect(throws: NeuralClassifierError.languageLoss(obstacle)) { try training(settings) }
      let text = NeuralClassifierError.languageLoss(obstacle).description
      #expect(text.contains("--lm-loss") && text.contains("leave one of them away"))
      // Without the loss all of it can be had.
      settings.languageLossWeight = 0
      _ = try training(settings)
    }
    let labels = try LabelSet(kind: .single, names: ["neither", "yes"])
    try expect(.bothSides) {
      $0.classifier = try SmallClassifiers.configuration(labels, sides: .both)
    }
    try expect(.hierarchy) {
      $0.classifier = try SmallClassifiers.configuration(
        labels, structure: .hierarchy, sides: .forward)
    }
    try expect(.frozenEncoder) { $0.rates = ParameterRates(frozen: EncoderTransfer.patterns) }
    try expect(.frozenEncoder) {
      $0.rates = ParameterRates(factors: [try ParameterRates.Factor("forward.*=0")])
    }
    // What thaws learns later.
    var thawing = try settings()
    thawing.rates = ParameterRates(unfreezeInterval: 1)
    _ = try training(thawing)
    for weight in [-1, .infinity, .nan] {
      var wrong = try settings()
      wrong.languageLossWeight = weight
      #expect(throws: NeuralClassifierError.self) { try training(wrong) }
    }
  }
}
