/// What a run tells while it trains.
public enum TrainingEvent: Sendable {
  /// A step was taken.
  case step(StepReport, RunClock)
  /// The model is being measured after `step`; comes every few thousand tokens of the validation
  /// text, so that a stop need not wait for the end.
  case measuring(step: Int)
  /// The model was measured on the whole validation text.
  case evaluation(step: Int, Evaluation, isBest: Bool, RunClock)
  /// The training diverged and went back to its last good state, with half the learning rate.
  case rollback(Rollback)
  /// The model has written a short text after it was measured.
  case sample(step: Int, text: String)
  /// The state was written: from here the run can go on after whatever happens.
  case saved(step: Int)
}

/// A return to the last good state of a training that diverged.
public struct Rollback: Sendable, Equatable {
  /// The step that showed it.
  public let failedStep: Int
  /// The step after which the good state was.
  public let step: Int
  /// The learning rate that was too great.
  public let learningRate: Double
  /// What was being read, of all rows the text that the good model finds the least likely.
  public let text: String
}

/// The time of a run.
public struct RunClock: Sendable, Equatable {
  /// Seconds since the run began, those before a resumption included.
  public var elapsedSeconds: Double
  /// Seconds of it spent in steps since the last start.
  public var stepSeconds: Double
  /// Tokens of those steps.
  public var stepTokens: Int
  /// The part of the run that is done, 0 to 1.
  public var fractionDone: Double

  /// Tokens per second of training steps, evaluations not counted.
  public var tokensPerSecond: Double {
    stepSeconds > 0 ? Double(stepTokens) / stepSeconds : 0
  }
}

/// How a run ended.
public struct TrainingResult: Sendable {
  /// Steps, epochs and tokens of the whole run.
  public let progress: TrainingProgress
  /// The best result on the validation text, which is the saved model's; nil when the run was
  /// stopped before the first.
  public let best: Evaluation?
  /// The time it took.
  public let clock: RunClock
  /// All steps, evaluations and samples of the whole run.
  public let record: RunRecord
  /// Whether it was stopped before its end.
  public let wasStopped: Bool
  /// Whether it ended because evaluations became no better.
  public let wasStoppedEarly: Bool
}
