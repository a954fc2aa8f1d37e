import TextLM

/// Shows a training: one line that is kept up to date on a terminal, plain lines otherwise.
struct TrainingProgressView {
  private let isTerminal = Console.errorIsTerminal
  private let isQuiet: Bool
  private let showsSteps: Bool
  private var recentNats: Double?
  private var lastEvaluation: Evaluation?
  private var lastShown = -1.0
  private var hasOpenLine = false

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
      recentNats = recentNats.map { $0 + (report.natsPerToken - $0) / 20 } ?? report.natsPerToken
      guard !isQuiet else { return }
      let interval = isTerminal ? Self.terminalInterval : Self.plainInterval
      guard showsSteps || lastShown < 0 || clock.elapsedSeconds - lastShown >= interval else {
        return
      }
      lastShown = clock.elapsedSeconds
      write(line(report, clock), isFinal: !isTerminal || showsSteps)
    case .evaluation(let step, let evaluation, let isBest, let clock):
      lastEvaluation = evaluation
      guard !isQuiet else { return }
      let mark = isBest ? " (best so far, saved)" : ""
      write(
        "step \(step)  validation \(Self.losses(evaluation))  "
          + "\(Numbers.duration(clock.elapsedSeconds))\(mark)", isFinal: true)
    case .saved:
      break
    }
  }

  /// Ends the open line, so that what follows starts on its own.
  mutating func close() {
    if hasOpenLine { Console.standardError("\r\u{1B}[K") }
    hasOpenLine = false
  }

  private func line(_ report: StepReport, _ clock: RunClock) -> String {
    let nats = recentNats ?? report.natsPerToken
    var parts = [
      "step \(report.step)", "epoch \(Numbers.fixed(report.epoch, 2))",
      "train \(Numbers.fixed(nats, 3)) nats \(Numbers.fixed(nats / 0.6931471805599453, 3)) bits",
    ]
    if let lastEvaluation { parts.append("validation \(Self.losses(lastEvaluation))") }
    parts.append("\(Numbers.grouped(Int(clock.tokensPerSecond))) chars/s")
    if clock.fractionDone > 0 {
      let left = clock.elapsedSeconds * (1 / clock.fractionDone - 1)
      parts.append("\(Numbers.duration(left)) left")
    }
    return parts.joined(separator: "  ")
  }

  private static func losses(_ evaluation: Evaluation) -> String {
    "\(Numbers.fixed(evaluation.natsPerToken, 4)) nats "
      + "\(Numbers.fixed(evaluation.bitsPerCharacter, 3)) bits"
  }

  private mutating func write(_ text: String, isFinal: Bool) {
    let start = hasOpenLine ? "\r\u{1B}[K" : ""
    Console.standardError(start + text + (isFinal ? "\n" : ""))
    hasOpenLine = !isFinal
  }
}
