/// A task that cannot be set.
public enum TaskError: Error, Equatable {
  /// No task has this name.
  case unknownTask(name: String, known: [String])
  /// Sizes that are allowed one by one, but not together; `problem` says which, with the numbers.
  case combination(task: String, problem: String)
  /// The loss or the weights grew without bound, again and again after going back to a good state with
  /// half the rate.
  case diverged(step: Int, learningRate: Double)
  /// The folder holds another task's training.
  case otherTask(path: String, stored: String, given: String)
}

extension TaskError: CustomStringConvertible {
  /// What is wrong, and what to do about it.
  public var description: String {
    switch self {
    case .unknownTask(let name, let known):
      "no task is called \(name); known: \(known.joined(separator: ", "))"
    case .combination(let task, let problem): "\(task): \(problem)"
    case .diverged(let step, let learningRate):
      "the training diverges again and again after step \(step), with learning rates down to "
        + "\(Numbers.significant(learningRate)): begin a new one with a smaller --lr and with "
        + "--grad-clip 1 or less"
    case .otherTask(let path, let stored, let given):
      "\(path) holds a training of the task \(stored), not \(given): give that name, or another "
        + "folder with -o"
    }
  }
}
