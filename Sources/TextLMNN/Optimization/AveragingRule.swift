/// How weights are averaged over the steps of a training, as data that a checkpoint can hold.
public enum AveragingRule: Sendable, Equatable, Codable {
  /// The mean of all weights so far, each step's counting `decay` times as much as the next one's.
  ///
  /// After step t: a = Σₖ d^(t − k) θₖ / Σₖ d^(t − k), which has no memory of weights before the first
  /// step. About the last 1 / (1 − d) steps count. Reference: Boris Polyak and Anatoli Juditsky,
  /// "Acceleration of stochastic approximation by averaging", 1992, for the idea.
  case exponential(decay: Double)
  /// The plain mean from that evaluation on that is worse than the best of all but the `patience` ones
  /// before it.
  ///
  /// The optimizer goes on as it was. Reference: Stephen Merity, Nitish Shirish Keskar and Richard
  /// Socher, "Regularizing and Optimizing LSTM Language Models", 2018: NT-ASGD, whose patience is 5.
  case triggered(patience: Int)
}
