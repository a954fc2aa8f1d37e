extension RunRecord {
  /// Reads the log of a run.
  ///
  /// A last line without its end, which a process that is still writing or that died has left, is
  /// not read; events of other kinds are passed over.
  ///
  /// - Parameter path: The run's folder, or the log itself.
  /// - Throws: `StorageError`; `JSONFieldError` for a row without what every row has.
  public init(contentsOf path: String) throws {
    let logPath = try Self.logPath(of: path)
    self.init()
    for (index, row) in try JSONLinesContent(contentsOf: logPath).rows.enumerated() {
      try add(JSONField(row, path: "\(logPath), line \(index + 1)"))
    }
  }

  private static func logPath(of path: String) throws(StorageError) -> String {
    do throws(StorageError) {
      return try Folder(path).path(to: RunLog.name)
    } catch .notAFolder {
      return path
    }
  }

  /// Adds a row of a log.
  mutating func add(_ row: JSONField) throws(JSONFieldError) {
    let counts = 0...Int.max >> 1
    switch try row.string("event") {
    case "step":
      add(
        Step(
          step: try row.int("step", in: counts), epoch: try row.measure("epoch"),
          natsPerToken: try row.measure("train_nats"),
          learningRate: try row.measure("learning_rate"),
          gradientNorm: try row.measure("gradient_norm"),
          tokensPerSecond: try row.measure("tokens_per_second"),
          elapsedSeconds: try row.measure("elapsed_seconds")))
    case "evaluation":
      add(
        Measurement(
          step: try row.int("step", in: counts),
          natsPerToken: try row.measure("nats_per_token"),
          isBest: try row.optionalField("is_best")?.bool() ?? false,
          elapsedSeconds: try row.measure("elapsed_seconds")))
    case "sample":
      add(Sample(step: try row.int("step", in: counts), text: try row.string("text")))
    case "rollback":
      addRollback(atStep: try row.int("failed_step", in: counts))
    default:
      break
    }
  }
}

extension JSONField {
  /// The number at a key; NaN where there is none, which is how a log has what is not finite.
  fileprivate func measure(_ key: String) throws(JSONFieldError) -> Double {
    guard let field = try optionalField(key) else { return .nan }
    if case .number(let value) = field.value { return value }
    return try field.double()
  }
}
