import TextLM

/// Shows the training of a task: one line that is kept up to date on a terminal, and a line for each
/// evaluation.
struct TaskProgressView {
  private let goal: TaskGoal
  private let unit: String
  private let isTerminal = Console.errorIsTerminal
  private let isQuiet: Bool
  private let showsSteps: Bool
  private var loss = 0.0
  private var count = 0.0
  private var lastShown = -1.0
  private var shown = ProgressLine()

  /// A view that shows nothing when `isQuiet`, and every step when `showsSteps`.
  init(_ settings: TaskSettings, isQuiet: Bool, showsSteps: Bool) {
    goal = settings.task.goal
    unit = type(of: settings.task).lengthUnit
    self.isQuiet = isQuiet
    self.showsSteps = showsSteps
  }

  /// Shows what happened.
  mutating func show(_ event: TaskEvent) {
    guard !isQuiet else { return }
    switch event {
    case .step(let step, let loss, let clock):
      count = min(count + 1, 50)
      self.loss += (loss - self.loss) / count
      guard showsSteps || isTerminal && clock.elapsedSeconds - lastShown >= 0.1 else { return }
      lastShown = clock.elapsedSeconds
      let line =
        "step \(step)  loss \(Numbers.significant(self.loss))  "
        + Numbers.duration(clock.elapsedSeconds)
      shown.write(String(line.prefix(Console.errorColumns - 1)), isFinal: showsSteps)
    case .evaluation(let evaluation, let clock):
      let values = [evaluation.trained, evaluation.longer].map {
        "\(Numbers.significant(goal.value($0)))"
      }
      shown.write(
        "step \(evaluation.step)  \(goal.valueName): \(values[0]), and \(values[1]) at "
          + "\(evaluation.longer.length) \(unit)  \(Numbers.duration(clock.elapsedSeconds))",
        isFinal: true)
    case .rollback(let step, let learningRate):
      shown.write(
        "diverged at learning rate \(Numbers.significant(learningRate)): going on from step "
          + "\(step) with half of it", isFinal: true)
    }
  }

  /// Ends the open line, so that what follows starts on its own.
  mutating func close() {
    shown.close()
  }
}
