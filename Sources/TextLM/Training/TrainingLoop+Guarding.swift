extension TrainingLoop {
  /// Goes back to the last good state with half the learning rate, and says so; throws when that has
  /// been done too often.
  func rollBack(
    failedStep: Int, learningRate: Double, _ observe: (TrainingEvent) -> Bool
  ) throws {
    let hasHope = divergence.noteRollback()
    let isRestored = trainer.restore(good)
    precondition(isRestored, "training loop: a good state is not a state of this run")
    let rollback = Rollback(
      failedStep: failedStep, step: good.progress.step, learningRate: learningRate,
      text: worstText)
    guard hasHope else {
      // The weights are good ones: worth keeping when nothing was kept yet.
      let hasModel = try best != nil || keepModel { _ in true } != nil
      try writeReport()
      throw TrainingError.diverged(
        rollback, attempts: DivergenceGuard.mostRollbacks, isModelKept: hasModel)
    }
    // What is done again is logged again.
    log = try RunLog(
      folder: run.folder, keepingStepsTo: good.progress.step,
      evaluationsTo: lastEvaluationStep ?? 0)
    try log.append(rollback, clock)
    _ = observe(.rollback(rollback))
  }

  /// The row of the last window that costs the good model the most: what may have led astray.
  private var worstText: String {
    guard let (input, targets) = trainer.lastWindow else { return "" }
    var state = trainer.model.initialState(batchSize: input.batchSize)
    let logits = trainer.model(input, state: &state, .inference())
    let losses = logits.crossEntropyLosses(targets: targets).array
    let rows = (0..<input.batchSize).map { row in
      stride(from: row, to: losses.count, by: input.batchSize).reduce(0) { $0 + losses[$1] }
    }
    let worst = rows.indices.max { rows[$0] < rows[$1] } ?? 0
    let tokens = stride(from: worst, to: losses.count, by: input.batchSize).map {
      input.tokens[$0]
    }
    return String(run.data.tokenizer.decode(tokens).prefix(120))
  }
}
