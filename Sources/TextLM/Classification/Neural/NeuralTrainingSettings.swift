/// Everything that decides what the training of a neural classifier does, beside its texts.
public struct NeuralTrainingSettings: Sendable {
  /// What is trained; its dropout and its label smoothing count, not those of `trainer`.
  public var classifier: NeuralClassifierConfiguration
  /// What every step has in common. Windows are those of texts, so its rule for them is not used.
  public var trainer: TrainerSettings
  /// The length and the learning rate.
  public var plan: LearningRatePlan
  /// Texts of a step; fewer where they are long.
  public var batchSize: Int
  /// The training ends when the classifier was not better after so many epochs in a row; nil for never.
  public var patience: Int?
  /// By which measure the best classifier is chosen.
  public var choice: Choice
  /// What a text of each class counts in the loss; nil for all the same.
  public var classWeights: [Double]?
  /// Which parameters learn, and how fast beside the others.
  public var rates: ParameterRates
  /// λ: what a nat of the texts' next tokens counts beside a nat of their labels, so that the encoder is a
  /// language model too; 0 for nothing. Only for sequences that are read from one end.
  public var languageLossWeight: Double

  /// A measure on the validation texts; of equal ones the other decides.
  public enum Choice: String, Sendable, CaseIterable {
    /// The least nats.
    case loss
    /// The most right answers.
    case accuracy
  }

  /// Tokens of a text that are learned from at once; of a longer one it is another part in each epoch.
  public static let windowLength = 1_000
  /// Steps of a batch, padding included.
  static let stepLimit = 16_384

  /// Settings of these parts.
  public init(
    classifier: NeuralClassifierConfiguration, trainer: TrainerSettings, plan: LearningRatePlan,
    batchSize: Int = 32, patience: Int? = 5, choice: Choice = .accuracy,
    classWeights: [Double]? = nil, rates: ParameterRates = .equal, languageLossWeight: Double = 0
  ) {
    self.classifier = classifier
    self.trainer = trainer
    self.plan = plan
    self.batchSize = batchSize
    self.patience = patience
    self.choice = choice
    self.classWeights = classWeights
    self.rates = rates
    self.languageLossWeight = languageLossWeight
  }

  /// What a training pass does against learning by heart.
  var regularization: Regularization {
    var regularization = trainer.regularization
    regularization.outputDropout = Float(classifier.dropout)
    regularization.labelSmoothing = Float(classifier.labelSmoothing)
    return regularization
  }

  /// Refuses numbers that make no sense. Throws `NeuralClassifierError`.
  func check() throws(NeuralClassifierError) {
    for (name, value) in [("batch size", batchSize), ("patience", patience ?? 1)] where value < 1 {
      throw .setting(name: name, value: "\(value)", allowed: "1 or more")
    }
    if let classWeights {
      let areNumbers = classWeights.allSatisfy { $0 > 0 && $0.isFinite }
      guard areNumbers, classWeights.count == classifier.labels.count else {
        throw .classWeights(classWeights, count: classifier.labels.count)
      }
    }
    guard languageLossWeight >= 0, languageLossWeight.isFinite else {
      throw .setting(
        name: "the weight of the language model's loss", value: "\(languageLossWeight)",
        allowed: "a number from 0 on")
    }
    guard languageLossWeight > 0 else { return }
    if classifier.structure == .hierarchy { throw .languageLoss(.hierarchy) }
    if classifier.sides == .both { throw .languageLoss(.bothSides) }
  }

  /// Refuses rates for a new network with these paths by which nothing would learn, or by which a language
  /// model's loss would change nothing.
  func checkRates(_ paths: [String]) throws {
    try rates.check(paths)
    guard rates.factors(for: paths, epoch: 0)["head.weight"] != 0 else {
      throw NeuralClassifierError.frozenHead
    }
    guard languageLossWeight > 0 else { return }
    // What thaws does learn.
    let factors = ParameterRates(frozen: rates.frozen, factors: rates.factors)
      .factors(for: paths, epoch: 0)
    let encoder = paths.filter { $0.hasPrefix("\(ReadingDirection.forward.rawValue).") }
    guard encoder.contains(where: { factors[$0] != 0 }) else {
      throw NeuralClassifierError.languageLoss(.frozenEncoder)
    }
  }

  /// The output that a language model's loss needs; nil where there is no such loss.
  func makeNextTokenOutput(
    vocabularySize: Int, from source: any ParameterSource
  ) throws -> NextTokenOutput? {
    guard languageLossWeight > 0 else { return nil }
    return try NextTokenOutput(
      vocabularySize: vocabularySize, inputSize: classifier.architecture.outputSize, from: source)
  }

  /// Refuses what the machine's free memory cannot hold.
  func checkMemory(vocabularySize: Int, longest: Int) throws(ArchitectureError) {
    let batchTokens = min(batchSize * longest, max(Self.stepLimit, longest))
    var needed = classifier.trainingBytes(
      vocabularySize: vocabularySize, batchTokens: batchTokens)
    if languageLossWeight > 0 {
      needed += NextTokenOutput.trainingBytes(
        vocabularySize: vocabularySize, inputSize: classifier.architecture.outputSize,
        batchTokens: batchTokens)
    }
    guard let available = SystemMemory.availableBytes, needed > available else { return }
    throw .tooLarge(
      parameterCount: classifier.parameterCount(vocabularySize: vocabularySize),
      neededBytes: needed, availableBytes: available)
  }
}

extension NeuralTrainingSettings {
  /// As it is stored with a training's state.
  public var json: JSONValue {
    var object: JSONObject = [
      "config": classifier.json, "batch_size": JSONValue(batchSize),
      "patience": patience.map { JSONValue($0) } ?? .null, "choice": JSONValue(choice.rawValue),
      "class_weights": classWeights.map { .array($0.map { JSONValue($0) }) } ?? .null,
      "rates": rates.json, "language_loss_weight": JSONValue(languageLossWeight),
    ]
    trainer.append(to: &object)
    plan.append(to: &object)
    return .object(object)
  }

  init(_ json: JSONField, registry: ArchitectureRegistry) throws {
    self.init(
      classifier: try NeuralClassifierConfiguration(json.field("config"), registry: registry),
      trainer: try TrainerSettings(json), plan: try LearningRatePlan(json),
      batchSize: try json.int("batch_size", in: 1...1 << 20),
      patience: try json.optionalField("patience")?.int(in: 1...1 << 40),
      choice: try Choice(named: json.field("choice")),
      classWeights: try json.optionalField("class_weights")?.elements().map { try $0.double() },
      rates: try ParameterRates(json.field("rates")),
      languageLossWeight: try json.optionalField("language_loss_weight")?.double() ?? 0)
    try check()
  }
}
