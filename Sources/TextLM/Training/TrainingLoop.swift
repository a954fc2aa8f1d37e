/// The order of things in a run: step, log, evaluate, keep the best, save.
final class TrainingLoop<Model: LanguageModel> {
  let run: TrainingRun
  var trainer: Trainer<Model>
  var log: RunLog
  var timer: RunTimer
  var best: RunState.BestResult?
  var lastEvaluationStep: Int?
  var lastSaveStep: Int?
  /// What evaluations have said to the schedule, and to early stopping.
  var plateau = PlateauState()
  var stopping = PlateauState()
  var divergence = DivergenceGuard()
  /// The state to go back to.
  var good: TrainerSnapshot<Model.State>
  /// The epoch that the trainer's factors of the learning rate are for.
  private var ratedEpoch: Int?

  init(_ run: TrainingRun, _ model: Model) throws {
    self.run = run
    let (data, settings, stored) = (run.data, run.settings, run.resumed)
    lastEvaluationStep = stored?.state.lastEvaluationStep
    lastSaveStep = stored?.state.progress.step
    best = stored?.state.best
    log = try RunLog(
      folder: run.folder, keepingStepsTo: lastSaveStep ?? 0,
      evaluationsTo: lastEvaluationStep ?? 0)
    timer = RunTimer(
      settings.plan, alreadyElapsed: stored?.state.elapsedSeconds ?? log.elapsedSeconds,
      evaluationTokens: data.validation.targetCount)
    trainer = Trainer(
      model, data.streams, sequenceLength: data.sequenceLength, settings.trainer,
      noise: TokenNoise(settings.trainer.noise, data.tokenizer.vocabulary))
    good = trainer.snapshot
    if let stored { try restore(stored) }
  }

  /// Goes back to where a run was.
  private func restore(_ stored: StoredRun) throws {
    let state = stored.state
    do {
      let present = try trainer.snapshot(state.progress, stored.tensors, prefix: "")
      guard trainer.restore(present) else {
        throw TrainingError.damagedState(
          path: stored.path,
          problem: "window \(state.progress.window) is not among those of an epoch")
      }
      good =
        try state.goodProgress.map {
          try trainer.snapshot($0, stored.tensors, prefix: RunState.goodPrefix)
        } ?? present
    } catch let error as ParameterError {
      throw TrainingError.damagedState(path: stored.path, problem: "\(error)")
    }
    (plateau, stopping, divergence) = (state.plateau, state.stopping, state.divergence)
  }

  /// Trains until the end or a stop.
  func train(_ observe: (TrainingEvent) -> Bool) throws -> TrainingResult {
    // From the first moment on there is something to resume from.
    if lastSaveStep == nil { try writeState() }
    if trainer.progress.step > 0, try !evaluateOrSave(observe) { return try stop(observe) }
    // An evaluation may find out that the training diverged, and then it goes on from an earlier step.
    repeat {
      while !timer.isOver(position), !isStoppedEarly {
        guard let report = try step(observe) else { continue }
        try log.append(report, clock)
        guard observe(.step(report, clock)) else { return try stop(observe) }
        guard try evaluateOrSave(observe) else { return try stop(observe) }
      }
      if lastEvaluationStep != trainer.progress.step, try !evaluate(observe) {
        return try stop(observe)
      }
    } while lastEvaluationStep != trainer.progress.step
    return result(best?.evaluation, wasStopped: false)
  }

  /// What is to be done between two steps; also before the first step of a resumed run, which may
  /// have been stopped before it was done. False when it was stopped.
  private func evaluateOrSave(_ observe: (TrainingEvent) -> Bool) throws -> Bool {
    if isEvaluationDue || isSaveDue, !trainer.hasFiniteWeights {
      try rollBack(failedStep: trainer.progress.step, learningRate: learningRate, observe)
    }
    if isEvaluationDue, lastEvaluationStep != trainer.progress.step {
      return try evaluate(observe)
    } else if isSaveDue, lastSaveStep != trainer.progress.step {
      try save(observe)
    }
    return true
  }

  /// Where the training is.
  var position: LearningRatePlan.Position {
    LearningRatePlan.Position(
      step: trainer.progress.step, epochs: trainer.epochsDone,
      stepsPerEpoch: run.data.stepsPerEpoch, seconds: timer.elapsedSeconds,
      usableSeconds: timer.usableSeconds, plateau: plateau)
  }

  var clock: RunClock { timer.clock(position) }

  /// The rate of the next step.
  var learningRate: Double {
    run.settings.plan.rate(at: position) * divergence.rateScale
  }

  /// Takes a step; nil when the training went back to its last good state instead.
  private func step(_ observe: (TrainingEvent) -> Bool) throws -> StepReport? {
    if ratedEpoch != trainer.progress.epoch {
      ratedEpoch = trainer.progress.epoch
      trainer.rateFactors = run.settings.rates.factors(
        for: trainer.model.parameters.map(\.path), epoch: trainer.progress.epoch)
    }
    let begin = timer.elapsedSeconds
    let position = position
    let rate = run.settings.plan.rate(at: position) * divergence.rateScale
    let report: StepReport
    do throws(TrainingError) {
      report = try trainer.next(
        learningRate: rate, momentum: run.settings.plan.momentum(at: position))
    } catch {
      guard case .notFinite(let step, _) = error else { throw error }
      try rollBack(failedStep: step, learningRate: rate, observe)
      return nil
    }
    timer.add(step: timer.elapsedSeconds - begin, tokens: report.tokenCount)
    let vocabularySize = trainer.model.vocabularySize
    if divergence.observe(report.natsPerToken, vocabularySize: vocabularySize) {
      try rollBack(failedStep: report.step, learningRate: rate, observe)
      return nil
    }
    if divergence.keepsState(afterStep: report.step), trainer.hasFiniteWeights {
      good = trainer.snapshot
    }
    return report
  }

  private var isEvaluationDue: Bool {
    let step = trainer.progress.step
    if let interval = run.settings.evaluationInterval { return step % interval == 0 }
    switch run.settings.plan.horizon {
    case .steps(let total): return isEvaluationDue(step, of: total)
    case .epochs(let total):
      return isEvaluationDue(step, of: total.multipliedClamping(by: run.data.stepsPerEpoch))
    case .seconds: return timer.isEvaluationDue(position)
    }
  }

  /// By steps, because when things happen must not depend on the machine's speed. Reading a token
  /// costs about a third of learning from it.
  private func isEvaluationDue(_ step: Int, of total: Int) -> Bool {
    let tokensPerStep = max(1, run.data.tokensPerEpoch / run.data.stepsPerEpoch)
    let cost = run.data.validation.targetCount / (3 * tokensPerStep)
    return step % max(1, total / 20, 20 * cost) == 0
  }

  private var isSaveDue: Bool {
    if let interval = run.settings.saveInterval { return trainer.progress.step % interval == 0 }
    return timer.secondsSinceSave > 60
  }

  /// Whether evaluations have not become better for as many as it takes.
  private var isStoppedEarly: Bool { stopping.reductionCount > 0 }

  /// After a stop there is always a model and a state to go on from.
  private func stop(_ observe: (TrainingEvent) -> Bool) throws -> TrainingResult {
    if lastSaveStep != trainer.progress.step { try save(observe) }
    try writeReport()
    return result(try best?.evaluation ?? keepModel(observe), wasStopped: true)
  }

  private func result(_ best: Evaluation?, wasStopped: Bool) -> TrainingResult {
    TrainingResult(
      progress: trainer.progress, best: best, clock: clock, record: log.record,
      wasStopped: wasStopped, wasStoppedEarly: isStoppedEarly)
  }
}

extension Int {
  /// The product, or the greatest number where that is too small.
  fileprivate func multipliedClamping(by other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }
}
