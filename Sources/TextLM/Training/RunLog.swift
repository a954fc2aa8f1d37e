/// The file `log.jsonl`: one object for each step, each evaluation and what else happens.
struct RunLog {
  /// The name of the file in a run's folder.
  static let name = "log.jsonl"
  private let writer: JSONLinesWriter
  /// What the file has.
  private(set) var record = RunRecord()
  /// Seconds that the run had taken at the last row that was kept; 0 when there is none.
  let elapsedSeconds: Double

  /// Opens the log of a run that goes on after `step` and the evaluation after
  /// `lastEvaluationStep`; rows of what will be done again are removed.
  init(folder: Folder, keepingStepsTo step: Int, evaluationsTo lastEvaluationStep: Int) throws {
    var elapsed = 0.0
    let rows = try JSONLinesContent.keepRows(of: Self.name, in: folder) { row in
      // Made again with the evaluation that they belong to.
      let isAfterEvaluation = try ["evaluation", "sample"].contains(row.string("event"))
      return try row.int("step") <= (isAfterEvaluation ? lastEvaluationStep : step)
    }
    for row in rows {
      try record.add(row)
      elapsed = try row.optionalField("elapsed_seconds")?.double(in: 0...1e12) ?? elapsed
    }
    elapsedSeconds = elapsed
    writer = try JSONLinesWriter(appendingTo: folder.path(to: Self.name))
  }

  /// Returns when all rows are on the disk.
  func synchronize() throws(StorageError) {
    try writer.synchronize()
  }

  mutating func append(_ report: StepReport, _ clock: RunClock) throws {
    try append([
      "event": "step", "step": JSONValue(report.step), "epoch": JSONValue(report.epoch),
      "train_nats": JSONValue(report.natsPerToken),
      "learning_rate": JSONValue(report.learningRate),
      "gradient_norm": JSONValue(report.gradientNorm),
      "tokens_per_second": JSONValue(clock.tokensPerSecond),
      "elapsed_seconds": JSONValue(clock.elapsedSeconds),
    ])
  }

  mutating func append(_ rollback: Rollback, _ clock: RunClock) throws {
    try append([
      "event": "rollback", "step": JSONValue(rollback.step),
      "failed_step": JSONValue(rollback.failedStep),
      "learning_rate": JSONValue(rollback.learningRate), "text": JSONValue(rollback.text),
      "elapsed_seconds": JSONValue(clock.elapsedSeconds),
    ])
  }

  mutating func append(
    _ evaluation: Evaluation, step: Int, isBest: Bool, _ clock: RunClock
  ) throws {
    try append([
      "event": "evaluation", "step": JSONValue(step),
      "nats_per_token": JSONValue(evaluation.natsPerToken),
      "bits_per_character": JSONValue(evaluation.bitsPerCharacter),
      "bits_per_byte": JSONValue(evaluation.bitsPerByte),
      "perplexity": JSONValue(evaluation.perplexity), "is_best": JSONValue(isBest),
      "elapsed_seconds": JSONValue(clock.elapsedSeconds),
    ])
  }

  mutating func append(sample text: String, step: Int, _ clock: RunClock) throws {
    try append([
      "event": "sample", "step": JSONValue(step), "text": JSONValue(text),
      "elapsed_seconds": JSONValue(clock.elapsedSeconds),
    ])
  }

  private mutating func append(_ row: JSONValue) throws {
    try writer.append(row)
    try record.add(JSONField(row, path: Self.name))
  }
}
