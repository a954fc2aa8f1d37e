/// Optimizer steps on batches of labelled texts: what a step does depends only on the seed and the steps
/// before it.
struct NeuralTrainer {
  let classifier: NeuralClassifier
  /// All that steps change: the classifier, and the output for the next token where there is one.
  let parameters: [Parameter]
  private let nextToken: NextTokenOutput?
  private(set) var progress = TrainingProgress()
  private let settings: NeuralTrainingSettings
  private let examples: EncodedExamples
  private let stepCounts: [Int]
  private let noise: TokenNoise?
  /// Those of the epoch.
  private var batches: [[Int]] = []
  private var rateFactors: [String: Double] = [:]
  private var optimizer: any Optimizer
  private var average: WeightAverage?

  init(
    _ classifier: NeuralClassifier, nextToken: NextTokenOutput?, _ examples: EncodedExamples,
    _ settings: NeuralTrainingSettings
  ) {
    self.classifier = classifier
    self.nextToken = nextToken
    parameters = classifier.parameters + (nextToken?.parameters ?? [])
    self.settings = settings
    self.examples = examples
    stepCounts = examples.stepCounts(windowLength: NeuralTrainingSettings.windowLength)
    noise = TokenNoise(settings.trainer.noise, classifier.tokenizer.vocabulary)
    optimizer = settings.trainer.optimizer.makeOptimizer()
    average = settings.trainer.averaging.map { WeightAverage($0) }
    progress.average = average?.progress
    beginEpoch()
  }

  /// Batches of the present epoch.
  var batchCount: Int { batches.count }
  /// Epochs done, with the part of the present one.
  var epochsDone: Double {
    Double(progress.epoch) + Double(progress.window) / Double(max(batches.count, 1))
  }

  /// Takes the next step.
  ///
  /// Throws `TrainingError.notFinite` and leaves the weights as they were when the loss or a gradient
  /// is not finite.
  mutating func next(
    learningRate: Double, momentum: Double?
  ) throws(TrainingError) -> NeuralTrainingStep {
    let (settings, classifier, nextToken) = (settings, classifier, nextToken)
    let parameters = parameters
    let trainer = settings.trainer
    let random = RandomSource(seed: trainer.seed).stream("step \(progress.step)")
    let indices = batches[progress.window]
    let batch = batch(of: indices, random: random)
    let truth = indices.map { examples.truth[$0] }
    var (labelLoss, nextTokenNats): (Float, Float?) = (0, nil)
    let (loss, gradients) = valueWithGradients(
      random: random, precision: trainer.precision, regularization: settings.regularization,
      frozenPaths: Set(rateFactors.filter { $0.value == 0 }.keys)
    ) { pass in
      let losses = classifier.losses(
        batch, truth: truth, classWeights: settings.classWeights, nextToken: nextToken, pass)
      (labelLoss, nextTokenNats) = (losses.labels.item, losses.nextToken?.item)
      guard let nats = losses.nextToken else { return losses.labels }
      return pass.add(losses.labels, pass.scale(nats, by: Float(settings.languageLossWeight)))
    }
    guard loss.isFinite, gradients.isFinite else {
      throw .notFinite(step: progress.step + 1, learningRate: learningRate)
    }
    optimizer.update(
      parameters, gradients,
      trainer.step(
        learningRate: learningRate, gradients: gradients, momentum: momentum,
        rateFactors: rateFactors))
    average?.update(parameters)
    progress.average = average?.progress
    let tokenCount = batch.lengths.reduce(0, +)
    progress.advance(tokens: tokenCount, windowCount: batches.count)
    if progress.window == 0 { beginEpoch() }
    return NeuralTrainingStep(
      step: progress.step, epochs: epochsDone, loss: Double(labelLoss),
      nextTokenNats: nextTokenNats.map(Double.init), learningRate: learningRate,
      gradientNorm: gradients.globalNorm, textCount: indices.count, tokenCount: tokenCount)
  }

  /// Some texts as they are learned from: parts of long ones, and disturbed.
  private func batch(of indices: [Int], random: RandomSource) -> ClassifierBatch {
    let length = NeuralTrainingSettings.windowLength
    var places = random.stream("windows")
    let texts = indices.map { index -> [TokenID] in
      let tokens = examples.tokens[index]
      guard tokens.count > length else { return tokens }
      let start = places.nextInt(below: tokens.count - length + 1)
      return Array(tokens[start..<start + length])
    }
    let batch = ClassifierBatch(texts)
    guard let noise else { return batch }
    var source = random.stream("noise")
    return batch.disturbed(by: noise, random: &source)
  }

  private mutating func beginEpoch() {
    batches = LengthBatches(
      rowLimit: settings.batchSize, stepLimit: NeuralTrainingSettings.stepLimit
    ).shuffled(
      stepCounts,
      random: RandomSource(seed: settings.trainer.seed).stream("batches of epoch \(progress.epoch)")
    )
    rateFactors = settings.rates.factors(for: parameters.map(\.path), epoch: progress.epoch)
  }

  /// Runs `body` with the averaged weights in the classifier, where there is an average.
  mutating func withAveragedWeights<Result>(_ body: () throws -> Result) rethrows -> Result {
    let parameters = parameters
    return try average?.inPlace(of: parameters, body) ?? body()
  }

  /// Tells an average that waits for evaluations what one of them gave.
  mutating func observe(_ loss: Double) {
    average?.observe(loss)
    progress.average = average?.progress
  }

  /// Whether no weight is infinite or not a number.
  var hasFiniteWeights: Bool { parameters.allSatisfy { $0.value.isFinite } }

  /// All that the next step depends on.
  var snapshot: TrainerSnapshot<NoState> {
    TrainerSnapshot(
      progress: progress, weights: parameters.map(\.value), optimizer: optimizer,
      average: average, state: NoState())
  }

  /// Goes on from where a snapshot was taken; false, with nothing done, for a place that an epoch does
  /// not have.
  mutating func restore(_ snapshot: TrainerSnapshot<NoState>) -> Bool {
    let before = progress
    progress = snapshot.progress
    beginEpoch()
    guard progress.window < batches.count else {
      progress = before
      beginEpoch()
      return false
    }
    for (parameter, weight) in zip(parameters, snapshot.weights) {
      parameter.value = weight
    }
    (optimizer, average) = (snapshot.optimizer, snapshot.average)
    return true
  }

  /// A snapshot that was stored as tensors whose names begin with `prefix`.
  ///
  /// Throws `ParameterError` for tensors that do not fit.
  func snapshot(
    _ progress: TrainingProgress, _ tensors: [String: Tensor], prefix: String
  ) throws -> TrainerSnapshot<NoState> {
    try TrainerSnapshot(
      progress, tensors, prefix: prefix, parameters: parameters,
      optimizer: settings.trainer.optimizer.makeOptimizer(),
      average: settings.trainer.averaging.map { WeightAverage($0) }, initialState: NoState())
  }
}
