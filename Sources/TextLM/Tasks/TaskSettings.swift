/// Everything that decides what the training of a task does.
public struct TaskSettings: Sendable {
  /// What is to be learned.
  public var task: any SyntheticTask
  /// What learns it.
  public var architecture: any CausalArchitecture
  /// Whether two encoders read the sequence, one forwards and one backwards.
  public var isBidirectional: Bool
  /// Width of the embedding, where symbols are read.
  public var embeddingSize: Int
  /// Sequences of a step.
  public var batchSize: Int
  /// What every step has in common.
  public var trainer: TrainerSettings
  /// The length and the learning rate.
  public var plan: LearningRatePlan
  /// Whether the training ends when the goal was reached twice in a row.
  public var endsAtGoal: Bool
  /// Whether lengths begin with the shortest, and grow each time that the goal is reached.
  public var growsLengths: Bool

  /// Settings of these parts.
  public init(
    task: any SyntheticTask, architecture: any CausalArchitecture, isBidirectional: Bool = false,
    embeddingSize: Int, batchSize: Int, trainer: TrainerSettings, plan: LearningRatePlan,
    endsAtGoal: Bool = true, growsLengths: Bool = false
  ) {
    self.task = task
    self.architecture = architecture
    self.isBidirectional = isBidirectional
    self.embeddingSize = embeddingSize
    self.batchSize = batchSize
    self.trainer = trainer
    self.plan = plan
    self.endsAtGoal = endsAtGoal
    self.growsLengths = growsLengths
  }

  /// The number of parameters, without building the model.
  public var parameterCount: Int {
    let directions = isBidirectional ? 2 : 1
    let (inputSize, embedding) =
      switch task.input {
      case .vectors(let width): (width, 0)
      case .symbols(let count): (embeddingSize, count * embeddingSize)
      }
    return embedding + directions * architecture.parameterCount(inputSize: inputSize)
      + task.output.width * (directions * architecture.outputSize + 1)
  }

  /// Refuses what the machine's free memory cannot hold.
  func checkMemory() throws(ArchitectureError) {
    // The shape of a batch does not depend on its contents.
    var random = RandomSource(seed: 0)
    let steps = task.batch(length: task.lengths.upperBound, size: 1, random: &random).timeLength
    let width =
      switch task.input {
      case .vectors(let width): width
      case .symbols: embeddingSize
      }
    let perStep =
      (isBidirectional ? 2 : 1) * architecture.activationCount(inputSize: width) + 2 * width
      + 2 * task.output.width
    let needed = 4 * (6 * parameterCount + batchSize * steps * perStep)
    guard let available = SystemMemory.availableBytes, needed > available else { return }
    throw .tooLarge(
      parameterCount: parameterCount, neededBytes: needed, availableBytes: available)
  }
}

extension TaskSettings {
  /// As it is stored with a training's state.
  public var json: JSONValue {
    let (kind, task) = (type(of: architecture), self.task)
    var object: JSONObject = [
      "task": JSONValue(type(of: task).name),
      "sizes": task.values.json(type(of: task).hyperparameters),
      "config": [
        "architecture": JSONValue(kind.name),
        "hyperparameters": architecture.values.json(kind.hyperparameters),
        "embedding_size": JSONValue(embeddingSize),
        "bidirectional": JSONValue(isBidirectional),
      ],
      "batch_size": JSONValue(batchSize),
      "keeps_going": JSONValue(!endsAtGoal),
      "grows_lengths": JSONValue(growsLengths),
    ]
    trainer.append(to: &object)
    plan.append(to: &object)
    return .object(object)
  }

  init(_ json: JSONField, registry: ArchitectureRegistry) throws {
    let task = try TaskRegistry.builtIn.task(named: json.string("task"))
    let config = try json.field("config")
    let kind = try registry.architecture(named: config.string("architecture"))
    self.init(
      task: try task.init(stored: json.field("sizes")),
      architecture: try kind.init(stored: config.field("hyperparameters")),
      isBidirectional: try config.bool("bidirectional"),
      embeddingSize: try config.int("embedding_size", in: ModelConfiguration.embeddingSizes),
      batchSize: try json.int("batch_size", in: 1...1 << 20), trainer: try TrainerSettings(json),
      plan: try LearningRatePlan(json), endsAtGoal: try !json.bool("keeps_going"),
      growsLengths: try json.bool("grows_lengths"))
  }
}
