import TextLM

/// Shows a training: one line that is kept up to date on a terminal, plain lines otherwise.
struct TrainingProgressView {
  private let isTerminal = Console.errorIsTerminal
  private let isQuiet: Bool
  private let showsSteps: Bool
  private var recentNats = 0.0
  private var recentCount = 0.0
  private var lastEvaluation: Evaluation?
  private var lastShown = -1.0
  private var shown = ProgressLine()

  /// Seconds between updates of the line, and between plain lines.
  private static let terminalInterval = 0.1
  private static let plainInterval = 10.0

  /// A view that shows nothing when `isQuiet`, and every step when `showsSteps`.
  init(isQuiet: Bool, showsSteps: Bool) {
    self.isQuiet = isQuiet
    self.showsSteps = showsSteps
  }

  /// Shows what happened.
  mutating func show(_ event: TrainingEvent) {
    switch event {
    case .step(let report, let clock):
      // A running mean over about twenty steps: single batches jump too much to read.
      recentCount = min(recentCount + 1, 20)
      recentNats += (report.natsPerToken - recentNats) / recentCount
      guard !isQuiet else { return }
      let interval = isTerminal ? Self.terminalInterval : Self.plainInterval
      guard showsSteps || lastShown < 0 || clock.elapsedSeconds - lastShown >= interval else {
        return
      }
      lastShown = clock.elapsedSeconds
      let isFinal = !isTerminal || showsSteps
      shown.write(
        line(report, clock, columns: isFinal ? .max : Console.errorColumns), isFinal: isFinal)
    case .evaluation(let step, let evaluation, let isBest, let clock):
      lastEvaluation = evaluation
      guard !isQuiet else { return }
      let mark = isBest ? " (best so far, saved)" : ""
      shown.write(
        "step \(step)  validation \(Self.losses(evaluation))  "
          + "\(Numbers.duration(clock.elapsedSeconds))\(mark)", isFinal: true)
    case .rollback(let rollback):
      guard !isQuiet else { return }
      let text = TerminalText.visible(rollback.text)
      shown.write(
        "step \(rollback.failedStep) diverged at learning rate "
          + "\(Numbers.significant(rollback.learningRate)): going on from "
          + "step \(rollback.step) with half of it; the text was \"\(text)\"", isFinal: true)
    case .sample(_, let text):
      guard showsSteps else { return }
      shown.write("wrote: \(TerminalText.visible(text))", isFinal: true)
    case .measuring, .saved:
      break
    }
  }

  /// Shows the losses of the run so far, to a person or where everything is wanted.
  func showCurves(of record: RunRecord) {
    guard !isQuiet, isTerminal || showsSteps, record.steps.count > 1 else { return }
    let drawing = TextPlot(
      columns: min(Console.errorColumns, 100),
      isColored: isTerminal && Environment.value("NO_COLOR") == nil)
    Console.standardError(drawing.text(Plot(record, .loss)))
  }

  /// Ends the open line, so that what follows starts on its own.
  mutating func close() {
    shown.close()
  }

  /// The line in words or, where the terminal is narrow, in few of them: a line that wraps cannot
  /// be kept up to date.
  private func line(_ report: StepReport, _ clock: RunClock, columns: Int) -> String {
    var parts = [
      "step \(report.step)", "epoch \(Numbers.fixed(report.epoch, 2))",
      "train \(Numbers.fixed(recentNats, 3)) nats \(Self.bits(recentNats)) bits",
    ]
    var short = [
      "step \(report.step)", "ep \(Numbers.fixed(report.epoch, 2))",
      "train \(Numbers.fixed(recentNats, 3))/\(Self.bits(recentNats))",
    ]
    if let lastEvaluation {
      parts.append("validation \(Self.losses(lastEvaluation))")
      short.append(
        "val \(Numbers.fixed(lastEvaluation.natsPerToken, 3))/"
          + Numbers.fixed(lastEvaluation.bitsPerCharacter, 3))
    }
    parts.append("\(Numbers.rate(clock.tokensPerSecond)) chars/s")
    short.append("nats/bits \(Numbers.rate(clock.tokensPerSecond))/s")
    if clock.fractionDone > 0 {
      let left = Numbers.duration(clock.elapsedSeconds * (1 / clock.fractionDone - 1))
      parts.append("\(left) left")
      short.append(left)
    }
    let line = parts.joined(separator: "  ")
    return line.count < columns ? line : String(short.joined(separator: " ").prefix(columns - 1))
  }

  private static func bits(_ nats: Double) -> String {
    Numbers.fixed(nats / 0.6931471805599453, 3)
  }

  private static func losses(_ evaluation: Evaluation) -> String {
    "\(Numbers.fixed(evaluation.natsPerToken, 4)) nats "
      + "\(Numbers.fixed(evaluation.bitsPerCharacter, 3)) bits"
  }
}
