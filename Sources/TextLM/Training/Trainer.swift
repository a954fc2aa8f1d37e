/// Optimizer steps over a corpus, one at a time: the caller evaluates, prints, saves and stops.
///
/// Batches are consecutive windows of parallel streams. The encoder's state is carried from window
/// to window, with gradients stopped between them (truncated backpropagation through time), and
/// starts empty with each epoch and, in a row, with each document; or with each window, where they are
/// shuffled. What a step does depends only on the seed and the steps before it.
public struct Trainer<Model: LanguageModel>: ~Copyable {
  /// The model being trained; its parameters change with each step.
  public let model: Model
  /// Where the next step is.
  public private(set) var progress: TrainingProgress
  private let streams: TokenStreams
  private let sequenceLength: Int
  private let settings: TrainerSettings
  private let noise: TokenNoise?
  private var windows: EpochWindows
  /// Factors of the learning rate by parameters' paths, for the steps to come: absent is 1, and 0 is
  /// frozen, which costs a parameter neither gradient nor step.
  public var rateFactors: [String: Double] = [:]
  private var optimizer: any Optimizer
  private var average: WeightAverage?
  private var state: Model.State
  /// What the last step read and was to predict.
  public private(set) var lastWindow: (input: TokenBatch, targets: [TokenID])?

  /// A trainer before its first step, on windows of `sequenceLength` steps or about so many, of which
  /// the model reads what `noise` makes.
  public init(
    _ model: Model, _ streams: TokenStreams, sequenceLength: Int, _ settings: TrainerSettings,
    noise: TokenNoise? = nil
  ) {
    self.model = model
    self.streams = streams
    self.sequenceLength = sequenceLength
    self.settings = settings
    self.noise = noise
    progress = TrainingProgress()
    windows = EpochWindows(
      epoch: 0, of: streams, sequenceLength: sequenceLength, settings)
    optimizer = settings.optimizer.makeOptimizer()
    average = settings.averaging.map { WeightAverage($0) }
    progress.average = average?.progress
    state = model.initialState(batchSize: streams.starts.count)
  }

  /// Takes the next step at `learningRate`, and with `momentum` instead of the optimizer's own unless
  /// it is nil.
  ///
  /// Throws `TrainingError.notFinite` and leaves the weights as they were when the loss or a
  /// gradient is not finite.
  public mutating func next(
    learningRate: Double, momentum: Double? = nil
  ) throws(TrainingError) -> StepReport {
    if progress.window == 0 || settings.windows.isShuffled {
      state = model.initialState(batchSize: streams.starts.count)
    }
    var (input, targets) = windows.read(progress.window, of: streams)
    let timeLength = input.timeLength
    lastWindow = (input, targets)
    let random = RandomSource(seed: settings.seed).stream("step \(progress.step)")
    if let noise {
      var source = random.stream("noise")
      input = noise.apply(to: input, random: &source)
    }
    var after = state
    let model = model
    // Shorter windows weigh less, or their characters would count for more than others.
    let learningRate =
      settings.windows.isLengthRandom
      ? learningRate * Double(timeLength) / Double(sequenceLength) : learningRate
    var nats = Float.nan
    let (objective, gradients) = valueWithGradients(
      random: random, precision: settings.precision, regularization: settings.regularization,
      frozenPaths: Set(rateFactors.filter { $0.value == 0 }.keys)
    ) { [input] pass in
      let loss = pass.loss(of: model, input, targets: targets, state: &after)
      nats = loss.crossEntropy.item
      return loss.objective
    }
    guard objective.isFinite, gradients.isFinite else {
      throw .notFinite(step: progress.step + 1, learningRate: learningRate)
    }
    let step = settings.step(
      learningRate: learningRate, gradients: gradients, momentum: momentum,
      rateFactors: rateFactors)
    optimizer.update(model.parameters, gradients, step)
    average?.update(model.parameters)
    progress.average = average?.progress
    state = after.detached()
    progress.advance(tokens: targets.count, windowCount: windows.count)
    moveWindows()
    return StepReport(
      step: progress.step, epoch: epochsDone,
      natsPerToken: Double(nats), learningRate: learningRate,
      gradientNorm: gradients.globalNorm, tokenCount: targets.count)
  }
}

extension Trainer {
  /// Epochs done, with the part of the present one.
  public var epochsDone: Double {
    let start = windows.stepCount(before: progress.window)
    return Double(progress.epoch) + Double(start) / Double(max(streams.length, 1))
  }

  /// Runs `body` with the averaged weights in the model, where there is an average.
  mutating func withAveragedWeights<Result>(
    _ body: (Model) throws -> Result
  ) rethrows -> Result {
    let model = model
    return try average?.inPlace(of: model.parameters) { try body(model) } ?? body(model)
  }

  /// Tells an average that waits for evaluations what one of them gave.
  mutating func observe(_ loss: Double) {
    average?.observe(loss)
    progress.average = average?.progress
  }

  /// Whether no weight is infinite or not a number.
  var hasFiniteWeights: Bool { model.parameters.allSatisfy { $0.value.isFinite } }

  private mutating func moveWindows() {
    guard windows.epoch != progress.epoch else { return }
    windows = EpochWindows(
      epoch: progress.epoch, of: streams, sequenceLength: sequenceLength, settings)
  }

  /// All that the next step depends on. Taking it is free; the next step then makes copies of the
  /// weights and the moments.
  var snapshot: TrainerSnapshot<Model.State> {
    TrainerSnapshot(
      progress: progress, weights: model.parameters.map(\.value), optimizer: optimizer,
      average: average, state: state)
  }

  /// Goes on from where a snapshot was taken; false, with nothing done, for a place that the text
  /// does not have.
  mutating func restore(_ snapshot: TrainerSnapshot<Model.State>) -> Bool {
    let windows = EpochWindows(
      epoch: snapshot.progress.epoch, of: streams, sequenceLength: sequenceLength, settings)
    guard snapshot.progress.window < windows.count else { return false }
    self.windows = windows
    for (parameter, weight) in zip(model.parameters, snapshot.weights) { parameter.value = weight }
    (progress, optimizer, state) = (snapshot.progress, snapshot.optimizer, snapshot.state)
    average = snapshot.average
    return true
  }

  /// A snapshot that was stored as tensors whose names begin with `prefix`.
  ///
  /// Throws `ParameterError` for tensors that do not fit.
  func snapshot(
    _ progress: TrainingProgress, _ tensors: [String: Tensor], prefix: String
  ) throws -> TrainerSnapshot<Model.State> {
    try TrainerSnapshot(
      progress, tensors, prefix: prefix, parameters: model.parameters,
      optimizer: settings.optimizer.makeOptimizer(),
      average: settings.averaging.map { WeightAverage($0) },
      initialState: model.initialState(batchSize: streams.starts.count))
  }
}
