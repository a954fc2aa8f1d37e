/// The file `log.jsonl` of a classifier's training: an object for each step, each measurement, and each
/// return to an earlier step.
extension NeuralTrainingLoop {
  /// Opens the log, if there is a folder; rows of what will be done again are removed.
  func openLog() throws {
    guard let folder = training.folder else { return }
    let (lastStep, lastMeasured) = (trainer.progress.step, epochs.last?.step ?? 0)
    _ = try JSONLinesContent.keepRows(of: RunLog.name, in: folder) { row in
      let isMeasurement = try row.string("event").utf8.elementsEqual(Self.evaluation.utf8)
      return try row.int("step") <= (isMeasurement ? lastMeasured : lastStep)
    }
    log = try JSONLinesWriter(appendingTo: folder.path(to: RunLog.name))
  }

  func append(_ step: NeuralTrainingStep, _ clock: RunClock) throws {
    try log?.append([
      "event": "step", "step": JSONValue(step.step), "epoch": JSONValue(step.epochs),
      "loss": JSONValue(step.loss), "learning_rate": JSONValue(step.learningRate),
      "gradient_norm": JSONValue(step.gradientNorm), "texts": JSONValue(step.textCount),
      "tokens_per_second": JSONValue(clock.tokensPerSecond),
      "elapsed_seconds": JSONValue(clock.elapsedSeconds),
    ])
  }

  func append(_ epoch: NeuralEpoch, isBest: Bool) throws {
    var row: JSONObject = ["event": JSONValue(Self.evaluation)]
    for member in epoch.json.members { row.append(member.key, member.value) }
    row.append("is_best", JSONValue(isBest))
    row.append("elapsed_seconds", JSONValue(timer.elapsedSeconds))
    try log?.append(.object(row))
  }

  func appendRollback(to step: Int, failedStep: Int, learningRate: Double) throws {
    try log?.append([
      "event": "rollback", "step": JSONValue(step), "failed_step": JSONValue(failedStep),
      "learning_rate": JSONValue(learningRate),
      "elapsed_seconds": JSONValue(timer.elapsedSeconds),
    ])
  }

  private static let evaluation = "evaluation"
}
