/// What the training of a task tells.
public enum TaskEvent: Sendable {
  /// A step was taken.
  case step(Int, loss: Double, RunClock)
  /// The model was measured.
  case evaluation(TaskEvaluation, RunClock)
  /// The training diverged and went back to the state after `step`, with half the learning rate.
  case rollback(step: Int, learningRate: Double)
}

/// What a model can do after some steps.
public struct TaskEvaluation: Sendable, Equatable {
  /// Steps taken.
  public let step: Int
  /// Mean loss of the steps since the evaluation before; nil before the first step.
  public let trainingLoss: Double?
  /// On the lengths of the training.
  public let trained: TaskMeasure
  /// On a length beyond them.
  public let longer: TaskMeasure
  /// The longest sequences of the training by then.
  public let length: Int
}

extension TaskEvaluation {
  /// As it is printed and logged.
  public func json(_ goal: TaskGoal) -> JSONObject {
    [
      "step": JSONValue(step), "training_loss": trainingLoss.map { JSONValue($0) } ?? .null,
      "training_length": JSONValue(length), "trained": trained.json(goal),
      "longer": longer.json(goal),
    ]
  }

  init(_ json: JSONField) throws {
    self.init(
      step: try json.int("step", in: 0...1 << 40),
      trainingLoss: try json.optionalField("training_loss")?.double(in: -1e12...1e12),
      trained: try TaskMeasure(json.field("trained")),
      longer: try TaskMeasure(json.field("longer")),
      length: try json.int("training_length", in: 1...1 << 40))
  }
}

/// How the training of a task ended.
public struct TaskResult: Sendable {
  /// The best evaluation.
  public let best: TaskEvaluation
  /// Steps taken.
  public let stepCount: Int
  /// The time it took.
  public let clock: RunClock
  /// Whether the goal was reached, on the lengths of the training.
  public let isSolved: Bool
  /// Whether it was stopped before its end.
  public let wasStopped: Bool
}
