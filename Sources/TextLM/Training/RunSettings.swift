/// Everything that decides what a training does, beside the text.
public struct RunSettings: Sendable {
  /// What is trained.
  public var model: ModelConfiguration
  /// How the text is cut up.
  public var data: TrainingData.Options
  /// What every step has in common.
  public var trainer: TrainerSettings
  /// The length and the learning rate.
  public var plan: LearningRatePlan
  /// Steps from one evaluation to the next; nil spends about a twentieth of the time on them.
  public var evaluationInterval: Int?
  /// Steps from one save to the next, beside those at evaluations; nil saves once a minute.
  public var saveInterval: Int?
  /// Which parameters learn, and how fast beside the learning rate.
  public var rates = ParameterRates.equal
  /// What the model took over from a trained one when the run began; nil for a new model.
  public var transfer: TransferReport.Record?
  /// Evaluations in a row without a gain of a ten-thousandth, after which the training ends; nil goes
  /// on to the end.
  public var patience: Int?
  /// How new parameters get their first values where it is not as their layers would have it.
  public var initialization = InitializationRules.none
  /// Tokens of the text that the model writes at each evaluation, to show how it gets on; 0 for none.
  public var sampleLength = 0

  /// Settings of these parts.
  public init(
    model: ModelConfiguration, data: TrainingData.Options, trainer: TrainerSettings,
    plan: LearningRatePlan, evaluationInterval: Int? = nil, saveInterval: Int? = nil,
    patience: Int? = nil
  ) {
    self.model = model
    self.data = data
    self.data.direction = model.direction
    self.trainer = trainer
    self.plan = plan
    self.evaluationInterval = evaluationInterval
    self.saveInterval = saveInterval
    self.patience = patience
  }
}
