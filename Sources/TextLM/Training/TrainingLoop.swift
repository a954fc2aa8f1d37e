/// The order of things in a run: step, log, evaluate, keep the best, save.
struct TrainingLoop<Model: LanguageModel>: ~Copyable {
  private let run: TrainingRun
  private var trainer: Trainer<Model>
  private let log: RunLog
  private var timer: RunTimer
  private var best: RunState.BestResult?
  private var lastEvaluationStep: Int?
  private var lastSaveStep = 0

  init(_ run: TrainingRun, _ model: Model) throws {
    self.run = run
    trainer = Trainer(
      model, run.data.streams, sequenceLength: run.data.sequenceLength, run.settings.trainer)
    if let stored = run.resumed {
      do {
        try trainer.restore(stored.state.progress, stored.tensors)
      } catch let error as ParameterError {
        throw TrainingError.damagedState(path: run.folderPath, problem: "\(error)")
      }
      best = stored.state.best
      lastSaveStep = stored.state.progress.step
    }
    log = try RunLog(folder: run.folder, keepingRowsTo: trainer.progress.step)
    timer = RunTimer(
      run.settings.plan.horizon, alreadyElapsed: run.resumed?.state.elapsedSeconds ?? 0,
      evaluationTokens: run.data.validation.targetCount)
  }

  /// Trains until the end or a stop.
  mutating func train(_ observe: (TrainingEvent) -> Bool) throws -> TrainingResult {
    while !timer.isOver(step: trainer.progress.step) {
      let report = try step()
      try log.append(report, timer.clock(step: report.step))
      guard observe(.step(report, timer.clock(step: report.step))) else {
        return try stop(observe)
      }
      if isEvaluationDue {
        try evaluate(observe)
      } else if isSaveDue {
        try save(observe)
      }
    }
    if lastEvaluationStep != trainer.progress.step { try evaluate(observe) }
    return result(wasStopped: false)
  }

  private mutating func step() throws -> StepReport {
    let plan = run.settings.plan
    let rate = plan.rate(
      step: trainer.progress.step, seconds: timer.elapsedSeconds,
      usableSeconds: timer.usableSeconds)
    let begin = timer.elapsedSeconds
    do throws(TrainingError) {
      let report = try trainer.next(learningRate: rate)
      timer.add(step: timer.elapsedSeconds - begin, tokens: report.tokenCount)
      return report
    } catch {
      // The weights are those before the step: worth keeping when nothing was kept yet.
      if best == nil { try evaluate { _ in true } }
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

  private mutating func evaluate(_ observe: (TrainingEvent) -> Bool) throws {
    let begin = timer.elapsedSeconds
    let plan = run.data.validation
    let scorer = Scorer(precision: run.settings.trainer.precision)
    let costs = scorer.scores(plan, trainer.model).nats
    let evaluation = Evaluation(
      costs, targets: plan.targets, counts: run.data.validationCounts,
      unknownPenaltyNats: run.data.tokenizer.unknownPenaltyNats)
    let step = trainer.progress.step
    let isBest =
      evaluation.nats.isFinite && (best.map { evaluation.nats < $0.evaluation.nats } ?? true)
    lastEvaluationStep = step
    if isBest {
      best = RunState.BestResult(step: step, evaluation: evaluation)
      try writeModel(evaluation)
    }
    timer.noteEvaluation(seconds: timer.elapsedSeconds - begin)
    let clock = timer.clock(step: step)
    try log.append(evaluation, step: step, isBest: isBest, clock)
    _ = observe(.evaluation(step: step, evaluation, isBest: isBest, clock))
    try save(observe)
  }

  /// After a stop there is always a model and a state to go on from.
  private mutating func stop(_ observe: (TrainingEvent) -> Bool) throws -> TrainingResult {
    if best == nil { try evaluate(observe) }
    if lastSaveStep != trainer.progress.step { try save(observe) }
    return result(wasStopped: true)
  }

  private func writeModel(_ evaluation: Evaluation) throws {
    try ModelFile.write(
      trainer.model.parameters, configuration: run.settings.model, tokenizer: run.data.tokenizer,
      card: run.card(trainer.progress, evaluation), to: run.folder.path(to: ModelFile.name))
  }

  private mutating func save(_ observe: (TrainingEvent) -> Bool) throws {
    var elapsed: Double?
    if case .seconds = run.settings.plan.horizon { elapsed = timer.elapsedSeconds }
    let state = RunState(
      settings: run.settings, progress: trainer.progress, best: best, corpus: run.corpus,
      tokenizer: run.data.tokenizer, elapsedSeconds: elapsed)
    try state.write(trainer.tensors, to: run.folder.path(to: RunState.name))
    lastSaveStep = trainer.progress.step
    timer.noteSave()
    _ = observe(.saved(step: trainer.progress.step))
  }

  private func result(wasStopped: Bool) -> TrainingResult {
    TrainingResult(
      progress: trainer.progress, best: best?.evaluation,
      clock: timer.clock(step: trainer.progress.step), wasStopped: wasStopped)
  }
}
