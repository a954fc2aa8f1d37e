/// Optimizer steps over a corpus, one at a time: the caller evaluates, prints, saves and stops.
///
/// Batches are consecutive windows of parallel streams. The encoder's state is carried from window
/// to window, with gradients stopped between them (truncated backpropagation through time), and
/// starts empty with each epoch and, in a row, with each document. What a step does depends only on the seed and the steps before it.
public struct Trainer<Model: LanguageModel>: ~Copyable {
  /// The model being trained; its parameters change with each step.
  public let model: Model
  /// Where the next step is.
  public private(set) var progress: TrainingProgress
  private let streams: TokenStreams
  private let sequenceLength: Int
  private let settings: TrainerSettings
  /// Factors of the learning rate by parameters' paths, for the steps to come: absent is 1, and 0 is
  /// frozen, which costs a parameter neither gradient nor step.
  public var rateFactors: [String: Double] = [:]
  private var optimizer: any Optimizer
  private var state: Model.State

  /// A trainer before its first step, on windows of `sequenceLength` steps.
  public init(
    _ model: Model, _ streams: TokenStreams, sequenceLength: Int, _ settings: TrainerSettings
  ) {
    self.model = model
    self.streams = streams
    self.sequenceLength = sequenceLength
    self.settings = settings
    progress = TrainingProgress()
    optimizer = settings.optimizer.makeOptimizer()
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
    if progress.window == 0 { state = model.initialState(batchSize: streams.starts.count) }
    let (input, targets) = streams.window(progress.window, sequenceLength: sequenceLength)
    var after = state
    let model = model
    let random = RandomSource(seed: settings.seed).stream("step \(progress.step)")
    var nats = Float.nan
    let (objective, gradients) = valueWithGradients(
      random: random, precision: settings.precision, regularization: settings.regularization,
      frozenPaths: Set(rateFactors.filter { $0.value == 0 }.keys)
    ) { pass in
      let loss = pass.loss(of: model, input, targets: targets, state: &after)
      nats = loss.crossEntropy.item
      return loss.objective
    }
    guard objective.isFinite, gradients.isFinite else {
      throw .notFinite(step: progress.step + 1, learningRate: learningRate)
    }
    var step = OptimizationStep(learningRate: learningRate, rateFactors: rateFactors)
    step.gradientScale = settings.clip?.scale(norm: gradients.globalNorm) ?? 1
    step.gradientLimit = settings.gradientLimit
    (step.weightDecay, step.l2, step.l1) = (settings.weightDecay, settings.l2, settings.l1)
    step.momentumOverride = momentum
    optimizer.update(model.parameters, gradients, step)
    state = after.detached()
    let windowCount = streams.windowCount(sequenceLength: sequenceLength)
    progress.advance(tokens: targets.count, windowCount: windowCount)
    return StepReport(
      step: progress.step, epoch: progress.epochsDone(windowCount: windowCount),
      natsPerToken: Double(nats), learningRate: learningRate,
      gradientNorm: gradients.globalNorm, tokenCount: targets.count)
  }
}

extension Trainer {
  /// All that the next step depends on, by name, beside `progress`: weights, moments and the
  /// carried state.
  var tensors: [(name: String, tensor: Tensor)] {
    var tensors = model.parameters.map { (name: "weights.\($0.path)", tensor: $0.value) }
    let moments = optimizer.tensors
    tensors += moments.keys.sorted().compactMap { name in
      moments[name].map { (name: name, tensor: $0) }
    }
    tensors += state.tensors.enumerated().map { (name: "state.\($0.offset)", tensor: $0.element) }
    return tensors
  }

  /// Goes on where another trainer was when it had this progress and these tensors. The weights
  /// are the model's own.
  mutating func restore(_ progress: TrainingProgress, _ tensors: [String: Tensor]) throws {
    try optimizer.restore(stepCount: progress.step, tensors: tensors, for: model.parameters)
    let empty = model.initialState(batchSize: streams.starts.count).tensors
    let stored = StoredParameters(tensors)
    state = state.replacingTensors(
      with: try empty.enumerated().map {
        try stored.tensor(at: "state.\($0.offset)", shape: $0.element.shape, .zeros)
      })
    self.progress = progress
  }
}
