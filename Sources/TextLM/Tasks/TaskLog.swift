/// The file `log.jsonl` of a task's training: one object for each evaluation.
struct TaskLog {
  private let writer: JSONLinesWriter
  /// What the file has.
  private(set) var evaluations: [TaskEvaluation] = []

  /// Opens the log of a training that goes on after `step`; rows of what will be done again are
  /// removed.
  init(folder: Folder, keepingStepsTo step: Int) throws {
    evaluations = try JSONLinesContent.keepRows(of: RunLog.name, in: folder) {
      try $0.int("step") <= step
    }.map { try TaskEvaluation($0) }
    writer = try JSONLinesWriter(appendingTo: folder.path(to: RunLog.name))
  }

  mutating func append(
    _ evaluation: TaskEvaluation, _ goal: TaskGoal, learningRate: Double, _ clock: RunClock
  ) throws {
    var row: JSONObject = ["event": "evaluation"]
    for member in evaluation.json(goal).members { row.append(member.key, member.value) }
    row.append("learning_rate", JSONValue(learningRate))
    row.append("elapsed_seconds", JSONValue(clock.elapsedSeconds))
    try writer.append(.object(row))
    evaluations.append(evaluation)
  }

  /// Returns when all rows are on the disk.
  func synchronize() throws(StorageError) {
    try writer.synchronize()
  }
}
