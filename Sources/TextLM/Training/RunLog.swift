/// The file `log.jsonl`: one object for each step and each evaluation.
struct RunLog {
  /// The name of the file in a run's folder.
  static let name = "log.jsonl"
  private let writer: JSONLinesWriter
  /// Seconds that the run had taken at the last row that was kept; 0 when there is none.
  let elapsedSeconds: Double

  /// Opens the log of a run that goes on after `step` and the evaluation after
  /// `lastEvaluationStep`; rows of what will be done again are removed.
  init(folder: Folder, keepingStepsTo step: Int, evaluationsTo lastEvaluationStep: Int) throws {
    let path = folder.path(to: Self.name)
    var elapsed = 0.0
    if folder.contains(Self.name) {
      let content = try JSONLinesContent(contentsOf: path)
      let kept = try content.rows.filter {
        let row = JSONField($0, path: Self.name)
        let isEvaluation = try row.string("event") == "evaluation"
        return try row.int("step") <= (isEvaluation ? lastEvaluationStep : step)
      }
      if let last = kept.last {
        elapsed = try JSONField(last, path: Self.name).double("elapsed_seconds", in: 0...1e12)
      }
      if kept.count < content.rows.count || content.isTorn {
        var bytes: [UInt8] = []
        for row in kept { bytes += try row.serialized() + [UInt8(ascii: "\n")] }
        try AtomicFile.replace(path, with: bytes)
      }
    }
    elapsedSeconds = elapsed
    writer = try JSONLinesWriter(appendingTo: path)
  }

  /// Returns when all rows are on the disk.
  func synchronize() throws(StorageError) {
    try writer.synchronize()
  }

  func append(_ report: StepReport, _ clock: RunClock) throws {
    try writer.append([
      "event": "step", "step": JSONValue(report.step), "epoch": JSONValue(report.epoch),
      "train_nats": JSONValue(report.natsPerToken),
      "learning_rate": JSONValue(report.learningRate),
      "gradient_norm": JSONValue(report.gradientNorm),
      "tokens_per_second": JSONValue(clock.tokensPerSecond),
      "elapsed_seconds": JSONValue(clock.elapsedSeconds),
    ])
  }

  func append(_ rollback: Rollback, _ clock: RunClock) throws {
    try writer.append([
      "event": "rollback", "step": JSONValue(rollback.step),
      "failed_step": JSONValue(rollback.failedStep),
      "learning_rate": JSONValue(rollback.learningRate), "text": JSONValue(rollback.text),
      "elapsed_seconds": JSONValue(clock.elapsedSeconds),
    ])
  }

  func append(
    _ evaluation: Evaluation, step: Int, isBest: Bool, _ clock: RunClock
  ) throws {
    try writer.append([
      "event": "evaluation", "step": JSONValue(step),
      "nats_per_token": JSONValue(evaluation.natsPerToken),
      "bits_per_character": JSONValue(evaluation.bitsPerCharacter),
      "bits_per_byte": JSONValue(evaluation.bitsPerByte),
      "perplexity": JSONValue(evaluation.perplexity), "is_best": JSONValue(isBest),
      "elapsed_seconds": JSONValue(clock.elapsedSeconds),
    ])
  }
}
