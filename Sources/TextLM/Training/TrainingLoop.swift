/// The order of things in a run: step, log, evaluate, keep the best, save.
struct TrainingLoop<Model: LanguageModel>: ~Copyable {
  private let run: TrainingRun
  private var trainer: Trainer<Model>
  private let log: RunLog
  private var timer: RunTimer
  private var best: RunState.BestResult?
  private var lastEvaluationStep: Int?
  private var lastSaveStep: Int?

  init(_ run: TrainingRun, _ model: Model) throws {
    self.run = run
    trainer = Trainer(
      model, run.data.streams, sequenceLength: run.data.sequenceLength, run.settings.trainer)
    if let stored = run.resumed {
      do {
        try trainer.restore(stored.state.progress, stored.tensors)
      } catch let error as ParameterError {
        throw TrainingError.damagedState(path: stored.path, problem: "\(error)")
      }
      best = stored.state.best
      lastEvaluationStep = stored.state.lastEvaluationStep
      lastSaveStep = stored.state.progress.step
    }
    log = try RunLog(
      folder: run.folder, keepingStepsTo: lastSaveStep ?? 0,
      evaluationsTo: lastEvaluationStep ?? 0)
    timer = RunTimer(
      run.settings.plan.horizon,
      alreadyElapsed: run.resumed?.state.elapsedSeconds ?? log.elapsedSeconds,
      evaluationTokens: run.data.validation.targetCount)
  }

  /// Trains until the end or a stop.
  mutating func train(_ observe: (TrainingEvent) -> Bool) throws -> TrainingResult {
    // From the first moment on there is something to resume from.
    if lastSaveStep == nil { try writeState() }
    if trainer.progress.step > 0, try !evaluateOrSave(observe) { return try stop(observe) }
    while !timer.isOver(step: trainer.progress.step) {
      let report = try step()
      try log.append(report, timer.clock(step: report.step))
      guard observe(.step(report, timer.clock(step: report.step))) else {
        return try stop(observe)
      }
      guard try evaluateOrSave(observe) else { return try stop(observe) }
    }
    if lastEvaluationStep != trainer.progress.step, try !evaluate(observe) {
      return try stop(observe)
    }
    return result(best?.evaluation, wasStopped: false)
  }

  /// What is to be done between two steps; also before the first step of a resumed run, which may
  /// have been stopped before it was done. False when it was stopped.
  private mutating func evaluateOrSave(_ observe: (TrainingEvent) -> Bool) throws -> Bool {
    if isEvaluationDue, lastEvaluationStep != trainer.progress.step {
      return try evaluate(observe)
    } else if isSaveDue, lastSaveStep != trainer.progress.step {
      try save(observe)
    }
    return true
  }

  /// The rate of the step after `step`.
  private func learningRate(afterStep step: Int) -> Double {
    run.settings.plan.rate(
      step: step, seconds: timer.elapsedSeconds, usableSeconds: timer.usableSeconds)
  }

  private mutating func step() throws -> StepReport {
    let begin = timer.elapsedSeconds
    do throws(TrainingError) {
      let report = try trainer.next(
        learningRate: learningRate(afterStep: trainer.progress.step))
      timer.add(step: timer.elapsedSeconds - begin, tokens: report.tokenCount)
      return report
    } catch {
      // The weights are those before the step: worth keeping when nothing was kept yet.
      if best == nil { try keepModel { _ in true } }
      throw error
    }
  }

  private var isEvaluationDue: Bool {
    let step = trainer.progress.step
    if let interval = run.settings.evaluationInterval { return step % interval == 0 }
    switch run.settings.plan.horizon {
    case .steps(let total):
      // By steps, because when things happen must not depend on the machine's speed. Reading a
      // token costs about a third of learning from it.
      let tokensPerStep = max(1, run.data.tokensPerEpoch / run.data.stepsPerEpoch)
      let cost = run.data.validation.targetCount / (3 * tokensPerStep)
      return step % max(1, total / 20, 20 * cost) == 0
    case .epochs, .seconds:
      return timer.isEvaluationDue
    }
  }

  private var isSaveDue: Bool {
    if let interval = run.settings.saveInterval { return trainer.progress.step % interval == 0 }
    return timer.secondsSinceSave > 60
  }

  /// Measures the model and keeps the best; false when it was stopped, and then nothing of it is
  /// remembered: a run that goes on does it again.
  private mutating func evaluate(_ observe: (TrainingEvent) -> Bool) throws -> Bool {
    let begin = timer.elapsedSeconds
    let step = trainer.progress.step
    guard let evaluation = measure(isWanted: { observe(.measuring(step: step)) }) else {
      return false
    }
    let isBest =
      evaluation.nats.isFinite && (best.map { evaluation.nats < $0.evaluation.nats } ?? true)
    lastEvaluationStep = step
    if isBest {
      best = RunState.BestResult(step: step, evaluation: evaluation)
      try writeModel(evaluation)
    }
    let clock = timer.clock(step: step)
    try log.append(evaluation, step: step, isBest: isBest, clock)
    _ = observe(.evaluation(step: step, evaluation, isBest: isBest, clock))
    try save(observe)
    timer.noteEvaluation(seconds: timer.elapsedSeconds - begin)
    return true
  }

  /// Reads the whole validation text, or gives up when it is no longer wanted.
  private func measure(isWanted: () -> Bool) -> Evaluation? {
    Scorer().evaluation(
      run.data.validation, trainer.model, counts: run.data.validationCounts,
      unknownPenaltyNats: run.data.tokenizer.unknownPenaltyNats, isWanted: isWanted)
  }

  /// After a stop there is always a model and a state to go on from.
  private mutating func stop(_ observe: (TrainingEvent) -> Bool) throws -> TrainingResult {
    if lastSaveStep != trainer.progress.step { try save(observe) }
    return result(try best?.evaluation ?? keepModel(observe), wasStopped: true)
  }

  /// Writes the present model where there is no best one yet, measured if that takes no more than a
  /// second. A run that goes on later must be as if it had never stopped, so this measurement is
  /// neither logged nor remembered.
  @discardableResult
  private mutating func keepModel(_ observe: (TrainingEvent) -> Bool) throws -> Evaluation? {
    let begin = timer.elapsedSeconds
    let evaluation = measure { timer.elapsedSeconds - begin < 1 }
    if let evaluation, !evaluation.nats.isFinite { return nil }
    try writeModel(evaluation)
    guard let evaluation else { return nil }
    let step = trainer.progress.step
    _ = observe(.evaluation(step: step, evaluation, isBest: true, timer.clock(step: step)))
    return evaluation
  }

  private func writeModel(_ evaluation: Evaluation?) throws {
    try ModelFile.write(
      trainer.model.parameters, configuration: run.settings.model, tokenizer: run.data.tokenizer,
      card: run.card(trainer.progress, evaluation), to: run.folder.path(to: ModelFile.name))
  }

  private mutating func save(_ observe: (TrainingEvent) -> Bool) throws {
    try writeState()
    _ = observe(.saved(step: trainer.progress.step))
  }

  /// Never replaces a good state by one that cannot be gone on from.
  private mutating func writeState() throws {
    let step = trainer.progress.step
    let tensors = trainer.tensors
    guard tensors.allSatisfy({ $0.tensor.isFinite }) else {
      throw TrainingError.notFinite(step: step, learningRate: learningRate(afterStep: step))
    }
    var elapsed: Double?
    if case .seconds = run.settings.plan.horizon { elapsed = timer.elapsedSeconds }
    let state = RunState(
      settings: run.settings, progress: trainer.progress, lastEvaluationStep: lastEvaluationStep,
      best: best, corpus: run.corpus, tokenizer: run.data.tokenizer,
      commandLine: run.commandLine, elapsedSeconds: elapsed)
    // No state without the rows that led to it.
    try log.synchronize()
    try state.write(tensors, to: run.folder.path(to: RunState.name))
    lastSaveStep = step
    timer.noteSave()
  }

  private func result(_ best: Evaluation?, wasStopped: Bool) -> TrainingResult {
    TrainingResult(
      progress: trainer.progress, best: best, clock: timer.clock(step: trainer.progress.step),
      wasStopped: wasStopped)
  }
}
