/// What was tried on texts that were held out in turn, and all that the best trial said of them.
struct HeldOutTrials {
  /// The classes of those texts.
  let truth: [[Int]]
  /// All trials, in the order in which they were made.
  private(set) var trials: [DataWeightTrial]
  /// The one that cost least, the first of such.
  private(set) var chosen: DataWeightTrial
  /// The sums of the features' weights in it, [texts][Q].
  private(set) var sums: [[Double]]

  /// The first trial.
  init(truth: [[Int]], first: DataWeightTrial, _ sums: [[Double]]) {
    self.truth = truth
    trials = [first]
    chosen = first
    self.sums = sums
  }

  /// Adds a trial of the same texts.
  mutating func add(_ trial: DataWeightTrial, _ sums: [[Double]]) {
    trials.append(trial)
    if trial.nats < chosen.nats { (chosen, self.sums) = (trial, sums) }
  }
}
