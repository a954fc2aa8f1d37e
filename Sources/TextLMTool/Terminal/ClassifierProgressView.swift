import TextLM

/// Shows the training of a classifier: one line that is kept up to date on a terminal, and a line for each
/// measurement.
struct ClassifierProgressView {
  private let isTerminal = Console.errorIsTerminal
  private let isQuiet: Bool
  private let showsSteps: Bool
  private var loss = 0.0
  private var count = 0.0
  private var lastShown = -1.0
  private var lastModel = -1
  private var shown = ProgressLine()

  /// A view that shows nothing when `isQuiet`, and every step when `showsSteps`.
  init(isQuiet: Bool, showsSteps: Bool) {
    self.isQuiet = isQuiet
    self.showsSteps = showsSteps
  }

  /// Runs `body`, and ends the open line whatever comes of it.
  mutating func watching<Result>(
    _ body: (inout ClassifierProgressView) throws -> Result
  ) rethrows -> Result {
    defer { close() }
    return try body(&self)
  }

  /// Says what begins.
  mutating func begin(_ text: String) {
    guard !isQuiet else { return }
    shown.write(text, isFinal: true)
    (loss, count, lastShown) = (0, 0, -1)
  }

  /// Shows what happened.
  mutating func show(_ event: ClassifierTrainingEvent) {
    guard !isQuiet else { return }
    switch event {
    case .notice(let text): shown.write("note: \(TerminalText.neutralized(text))", isFinal: true)
    case .fitting(let model):
      guard isTerminal, model != lastModel else { return }
      lastModel = model
      shown.write(model == 0 ? "reading the texts" : "linear model \(model)", isFinal: false)
    case .trial(let trial):
      guard showsSteps else { return }
      shown.write(
        "weight of the data \(Numbers.short(trial.dataWeight)): "
          + measured(nats: trial.nats, accuracy: trial.accuracy) + " of texts held out in turn",
        isFinal: true)
    case .candidate(let candidate):
      shown.write(
        "inverse strength \(Numbers.short(candidate.inverseStrength)): "
          + "\(Numbers.grouped(candidate.usedUnitCount)) units, "
          + measured(
            nats: candidate.validation.nats, accuracy: candidate.validation.accuracy),
        isFinal: true)
    case .network(.step(let step, let clock)):
      count = min(count + 1, 50)
      loss += (step.loss - loss) / count
      guard showsSteps || isTerminal && clock.elapsedSeconds - lastShown >= 0.1 else { return }
      lastShown = clock.elapsedSeconds
      let line =
        "step \(step.step)  epoch \(Numbers.fixed(step.epochs, 2))  loss "
        + "\(Numbers.significant(loss))  \(Numbers.duration(clock.elapsedSeconds))"
      shown.write(String(line.prefix(Console.errorColumns - 1)), isFinal: showsSteps)
    case .network(.evaluation(let epoch, let isBest, let clock)):
      shown.write(
        "epoch \(Numbers.fixed(epoch.epochs, 2))  "
          + measured(nats: epoch.validation.nats, accuracy: epoch.validation.accuracy)
          + "\(isBest ? "  best" : "")  \(Numbers.duration(clock.elapsedSeconds))", isFinal: true)
    case .network(.rollback(let step, let learningRate)):
      shown.write(
        "diverged at learning rate \(Numbers.significant(learningRate)): going on from step "
          + "\(step) with half of it", isFinal: true)
    }
  }

  private func measured(nats: Double, accuracy: Double) -> String {
    "\(Numbers.fixed(nats, 4)) nats, \(Numbers.fixed(100 * accuracy, 2)) % right"
  }

  /// Ends the open line, so that what follows starts on its own.
  private mutating func close() {
    shown.close()
  }
}
