/// Optimizer steps on examples of a task, each made for its step alone: what a step does depends only
/// on the seed and the steps before it.
struct TaskTrainer<Encoder: SequenceEncoder> {
  let model: TaskModel<Encoder>
  private(set) var progress = TrainingProgress()
  /// The longest sequences of the next step.
  private(set) var length: Int
  private let settings: TaskSettings
  private var optimizer: any Optimizer
  private var average: WeightAverage?
  /// The losses of the last steps of this length, for lengths that grow.
  private var recent: [Double] = []

  /// Lengths grow when the mean loss of so many steps is below a twentieth.
  private static var growthInterval: Int { 20 }
  private static var growthLoss: Double { 0.05 }

  init(_ model: TaskModel<Encoder>, _ settings: TaskSettings) {
    self.model = model
    self.settings = settings
    length =
      settings.growsLengths
      ? settings.task.lengths.lowerBound : settings.task.lengths.upperBound
    optimizer = settings.trainer.optimizer.makeOptimizer()
    average = settings.trainer.averaging.map { WeightAverage($0) }
    progress.average = average?.progress
  }

  /// Takes the next step and gives its loss.
  ///
  /// Throws `TrainingError.notFinite` and leaves the weights as they were when the loss or a gradient
  /// is not finite.
  mutating func next(
    learningRate: Double, momentum: Double?
  ) throws(TrainingError) -> Double {
    let (trainer, task, model) = (settings.trainer, settings.task, model)
    let random = RandomSource(seed: trainer.seed).stream("step \(progress.step)")
    var examples = random.stream("examples")
    let shortest = min(task.lengths.lowerBound, length)
    let batch = task.batch(
      length: shortest + examples.nextInt(below: length - shortest + 1),
      size: settings.batchSize, random: &examples)
    let (loss, gradients) = valueWithGradients(
      random: random, precision: trainer.precision, regularization: trainer.regularization
    ) { pass in
      pass.loss(model(batch, pass), batch, task.output)
    }
    guard loss.isFinite, gradients.isFinite else {
      throw .notFinite(step: progress.step + 1, learningRate: learningRate)
    }
    optimizer.update(
      model.parameters, gradients,
      trainer.step(learningRate: learningRate, gradients: gradients, momentum: momentum))
    average?.update(model.parameters)
    progress.average = average?.progress
    progress.advance(tokens: batch.timeLength * batch.batchSize, windowCount: .max)
    grow(after: Double(loss))
    return Double(loss)
  }

  private mutating func grow(after loss: Double) {
    guard settings.growsLengths, length < settings.task.lengths.upperBound else { return }
    recent.append(loss)
    guard recent.count >= Self.growthInterval else { return }
    if recent.reduce(0, +) / Double(recent.count) < Self.growthLoss {
      length = min(length + max(1, length / 5), settings.task.lengths.upperBound)
    }
    recent = []
  }

  /// Runs `body` with the averaged weights in the model, where there is an average.
  mutating func withAveragedWeights<Result>(_ body: () throws -> Result) rethrows -> Result {
    let parameters = model.parameters
    return try average?.inPlace(of: parameters, body) ?? body()
  }

  /// Tells an average that waits for evaluations what one of them gave.
  mutating func observe(_ loss: Double) {
    average?.observe(loss)
    progress.average = average?.progress
  }

  /// Whether no weight is infinite or not a number.
  var hasFiniteWeights: Bool { model.parameters.allSatisfy { $0.value.isFinite } }

  /// All that the next step depends on.
  var snapshot: Snapshot {
    Snapshot(
      trainer: TrainerSnapshot(
        progress: progress, weights: model.parameters.map(\.value), optimizer: optimizer,
        average: average, state: NoState()),
      length: length, recent: recent)
  }

  /// What a trainer can go back to.
  struct Snapshot {
    let trainer: TrainerSnapshot<NoState>
    let length: Int
    let recent: [Double]
  }

  /// Goes on from where a snapshot was taken.
  mutating func restore(_ snapshot: Snapshot) {
    for (parameter, weight) in zip(model.parameters, snapshot.trainer.weights) {
      parameter.value = weight
    }
    (progress, optimizer) = (snapshot.trainer.progress, snapshot.trainer.optimizer)
    (average, length) = (snapshot.trainer.average, snapshot.length)
    recent = snapshot.recent
  }

  /// A snapshot that was stored as tensors whose names begin with `prefix`, and as `json`.
  func snapshot(_ json: JSONField, _ tensors: [String: Tensor], prefix: String) throws -> Snapshot {
    let lengths = 1...settings.task.lengths.upperBound
    return Snapshot(
      trainer: try TrainerSnapshot(
        TrainingProgress(json), tensors, prefix: prefix, parameters: model.parameters,
        optimizer: settings.trainer.optimizer.makeOptimizer(),
        average: settings.trainer.averaging.map { WeightAverage($0) }, initialState: NoState()),
      length: try json.int("length", in: lengths),
      recent: try json.field("recent_losses").elements().map { try $0.double(in: -1e9...1e9) })
  }
}

extension TaskTrainer.Snapshot {
  /// What a snapshot has beside tensors.
  var json: JSONValue {
    var object = trainer.progress.json
    object.append("length", JSONValue(length))
    object.append("recent_losses", .array(recent.map { JSONValue($0) }))
    return .object(object)
  }
}

/// The state of what remembers nothing from one step to the next.
struct NoState: EncoderState {
  func mapTensors(_ transform: (Tensor) throws -> Tensor) rethrows -> NoState { self }
}
