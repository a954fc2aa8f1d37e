/// What the training of a neural classifier tells.
public enum NeuralTrainingEvent: Sendable {
  /// Steps begin, after those up to `step` that were taken before.
  case begin(after: Int)
  /// A step was taken.
  case step(NeuralTrainingStep, RunClock)
  /// The classifier was measured on the validation texts.
  case evaluation(NeuralEpoch, isBest: Bool, RunClock)
  /// The training diverged at `failedStep` with this learning rate, and went back to the state after `step`,
  /// with half the rate.
  case rollback(step: Int, failedStep: Int, learningRate: Double)
}

/// What one step did.
public struct NeuralTrainingStep: Sendable, Equatable {
  /// The number of the step, from 1.
  public let step: Int
  /// Epochs done, with the part of the present one.
  public let epochs: Double
  /// The loss of the batch in nats, with class weights and label smoothing.
  public let loss: Double
  /// The mean nats of the next token; nil where that is not learned.
  public let nextTokenNats: Double?
  /// The learning rate.
  public let learningRate: Double
  /// The gradients' norm before clipping.
  public let gradientNorm: Double
  /// Texts of the batch.
  public let textCount: Int
  /// Tokens of the batch, without padding.
  public let tokenCount: Int
}

/// How the training of a neural classifier ended.
public struct NeuralTrainingResult: Sendable {
  /// The best classifier.
  public let classifier: NeuralClassifier
  /// What was measured of it; nil when the training was stopped before it was measured.
  public let best: NeuralEpoch?
  /// All that was measured, in its order.
  public let epochs: [NeuralEpoch]
  /// Steps taken.
  public let stepCount: Int
  /// The time it took.
  public let clock: RunClock
  /// Whether it was stopped before its end.
  public let wasStopped: Bool
  /// Whether it ended because it became no better.
  public let wasStoppedEarly: Bool
}
