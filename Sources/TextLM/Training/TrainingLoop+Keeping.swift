extension TrainingLoop {
  /// Measures the model and keeps the best; false when it was stopped, and then nothing of it is
  /// remembered: a run that goes on does it again.
  func evaluate(_ observe: (TrainingEvent) -> Bool) throws -> Bool {
    let begin = timer.elapsedSeconds
    let step = trainer.progress.step
    guard let evaluation = measure(isWanted: { observe(.measuring(step: step)) }) else {
      return false
    }
    guard evaluation.nats.isFinite else {
      try rollBack(failedStep: step, learningRate: learningRate, observe)
      return true
    }
    let isBest = best.map { evaluation.nats < $0.evaluation.nats } ?? true
    lastEvaluationStep = step
    if isBest {
      best = RunState.BestResult(step: step, evaluation: evaluation)
      try writeModel(evaluation)
    }
    trainer.observe(evaluation.natsPerToken)
    if case .plateau(_, let patience) = run.settings.plan.course {
      plateau.observe(evaluation.natsPerToken, patience: patience)
    }
    if let patience = run.settings.patience {
      stopping.observe(evaluation.natsPerToken, patience: patience - 1)
    }
    let clock = clock
    try log.append(evaluation, step: step, isBest: isBest, clock)
    _ = observe(.evaluation(step: step, evaluation, isBest: isBest, clock))
    try writeSample(observe)
    try save(observe)
    try writeReport()
    timer.noteEvaluation(seconds: timer.elapsedSeconds - begin)
    return true
  }

  /// Reads the whole validation text, or gives up when it is no longer wanted.
  private func measure(isWanted: () -> Bool) -> Evaluation? {
    let data = run.data
    return trainer.withAveragedWeights { model in
      Scorer().evaluation(
        data.validation, model, counts: data.validationCounts,
        unknownPenaltyNats: data.tokenizer.unknownPenaltyNats, isWanted: isWanted)
    }
  }

  /// Writes the present model where there is no best one yet, measured if that takes no more than a
  /// second. A run that goes on later must be as if it had never stopped, so this measurement is
  /// neither logged nor remembered.
  @discardableResult
  func keepModel(_ observe: (TrainingEvent) -> Bool) throws -> Evaluation? {
    let begin = timer.elapsedSeconds
    let evaluation = measure { timer.elapsedSeconds - begin < 1 }
    if let evaluation, !evaluation.nats.isFinite { return nil }
    try writeModel(evaluation)
    guard let evaluation else { return nil }
    _ = observe(
      .evaluation(step: trainer.progress.step, evaluation, isBest: true, clock))
    return evaluation
  }

  private func writeModel(_ evaluation: Evaluation?) throws {
    let card = run.card(trainer.progress, epochs: trainer.epochsDone, evaluation)
    let (run, path) = (run, run.folder.path(to: ModelFile.name))
    try trainer.withAveragedWeights { model in
      try ModelFile.write(
        model.parameters, configuration: run.settings.model, tokenizer: run.data.tokenizer,
        card: card, to: path)
    }
  }

  func save(_ observe: (TrainingEvent) -> Bool) throws {
    try writeState()
    _ = observe(.saved(step: trainer.progress.step))
  }

  /// Never replaces a good state by one that cannot be gone on from.
  func writeState() throws {
    let step = trainer.progress.step
    let parameters = trainer.model.parameters
    var tensors = trainer.snapshot.tensors(for: parameters)
    guard tensors.allSatisfy({ $0.tensor.isFinite }) else {
      throw TrainingError.notFinite(step: step, learningRate: learningRate)
    }
    let isGood = good.progress == trainer.progress
    if !isGood { tensors += good.tensors(for: parameters, prefix: RunState.goodPrefix) }
    var elapsed: Double?
    if case .seconds = run.settings.plan.horizon { elapsed = timer.elapsedSeconds }
    let state = RunState(
      settings: run.settings, progress: trainer.progress, lastEvaluationStep: lastEvaluationStep,
      best: best, plateau: plateau, stopping: stopping, divergence: divergence,
      goodProgress: isGood ? nil : good.progress, corpus: run.corpus,
      tokenizer: run.data.tokenizer, commandLine: run.commandLine, elapsedSeconds: elapsed)
    // No state without the rows that led to it.
    try log.synchronize()
    try state.write(tensors, to: run.folder.path(to: RunState.name))
    lastSaveStep = step
    timer.noteSave()
  }
}
