/// Keeps time for a run: how long it has taken, and whether it is over.
struct RunTimer {
  private let plan: LearningRatePlan
  private let start = ContinuousClock.now
  private let alreadyElapsed: Double
  private var stepSeconds = 0.0
  private var stepTokens = 0
  private var lastStepSeconds = 0.0
  private var lastEvaluation = 0.0
  private var lastSave = 0.0
  private var evaluationSeconds: Double?
  private let evaluationTokens: Int

  init(_ plan: LearningRatePlan, alreadyElapsed: Double, evaluationTokens: Int) {
    self.plan = plan
    self.alreadyElapsed = alreadyElapsed
    self.evaluationTokens = evaluationTokens
    lastEvaluation = alreadyElapsed
    lastSave = alreadyElapsed
  }

  var elapsedSeconds: Double {
    let duration = ContinuousClock.now - start
    return alreadyElapsed + Double(duration.components.seconds)
      + Double(duration.components.attoseconds) * 1e-18
  }

  var secondsSinceSave: Double { elapsedSeconds - lastSave }

  /// The last evaluation and save come out of the budget too, so that they are not late.
  var usableSeconds: Double {
    switch plan.horizon {
    case .steps, .epochs: .infinity
    case .seconds(let budget): max(0, budget - 1.1 * expectedEvaluationSeconds - 0.1)
    }
  }

  /// Measured once there was one; before that, a third of the time of learning from as many tokens.
  private var expectedEvaluationSeconds: Double {
    if let evaluationSeconds { return evaluationSeconds }
    guard stepTokens > 0 else { return 0 }
    return stepSeconds / Double(stepTokens) * Double(evaluationTokens) / 3
  }

  /// Whether no further step may be taken.
  func isOver(_ position: LearningRatePlan.Position) -> Bool {
    switch plan.horizon {
    case .steps(let total): return position.step >= total
    case .epochs(let total): return position.epochs >= Double(total)
    case .seconds:
      if let mostEpochs = plan.mostEpochs, position.epochs >= Double(mostEpochs) { return true }
      return position.step > 0 && position.seconds + lastStepSeconds > position.usableSeconds
    }
  }

  /// For runs that end by time: when evaluations cost a twentieth of it, or a tenth has passed.
  func isEvaluationDue(_ position: LearningRatePlan.Position) -> Bool {
    guard case .seconds(let budget) = plan.horizon else { return false }
    let now = elapsedSeconds
    let fraction = plan.fractionDone(position)
    // Where the epochs are bounded, a run is over before its time is.
    let length = plan.mostEpochs != nil && fraction > 0 ? min(budget, now / fraction) : budget
    let interval = max(20 * expectedEvaluationSeconds, length / 10)
    return now - lastEvaluation >= interval && min(usableSeconds, length) - now > interval / 2
  }

  mutating func add(step seconds: Double, tokens: Int) {
    stepSeconds += seconds
    stepTokens += tokens
    lastStepSeconds = seconds
  }

  mutating func noteEvaluation(seconds: Double) {
    evaluationSeconds = seconds
    lastEvaluation = elapsedSeconds
  }

  mutating func noteSave() {
    lastSave = elapsedSeconds
  }

  func clock(_ position: LearningRatePlan.Position) -> RunClock {
    let elapsed = elapsedSeconds
    var fraction = plan.fractionDone(position)
    if case .seconds(let budget) = plan.horizon, plan.mostEpochs == nil {
      fraction = elapsed / budget
    }
    return RunClock(
      elapsedSeconds: elapsed, stepSeconds: stepSeconds, stepTokens: stepTokens,
      fractionDone: min(1, fraction))
  }
}
