import TextLM

/// Shows a search: a line for each training that has ended and, on a terminal, one for the present one
/// that is kept up to date.
struct TuningView {
  private let isQuiet: Bool
  private let isTerminal = Console.errorIsTerminal
  private let tuning: Tuning
  private var present: (candidate: TuningCandidate, rung: Int, seconds: Double)?
  private var nats: Double?
  private var lastShown = -1.0
  private var shown = ProgressLine()
  private var hasHeader = false

  private static let header = [
    "rung", "candidate", "layers", "width", "dropout", "output", "batch", "length", "rate", "decay",
    "time",
    "steps", "nats",
  ]
  /// As wide as anything that the space holds.
  private static let widths = header.map { max($0.count, 6) }

  init(_ tuning: Tuning, isQuiet: Bool) {
    self.tuning = tuning
    self.isQuiet = isQuiet
  }

  /// Shows what happened.
  mutating func show(_ event: Tuning.Event) {
    guard !isQuiet else { return }
    switch event {
    case .began(let candidate, let rung, let seconds):
      present = (candidate, rung, seconds)
      (nats, lastShown) = (nil, -1)
    case .training(.step(let report, let clock)):
      nats = report.natsPerToken
      guard isTerminal, lastShown < 0 || clock.elapsedSeconds - lastShown >= 0.1 else { return }
      lastShown = clock.elapsedSeconds
      showPresent(clock)
    case .training:
      break
    case .ended(let candidate, let result, let isBest):
      if !hasHeader { shown.write(Self.line(Self.header), isFinal: true) }
      hasHeader = true
      shown.write(
        Self.line(Self.cells(candidate, result)) + (isBest ? "  best so far, saved" : ""),
        isFinal: true)
    }
  }

  private mutating func showPresent(_ clock: RunClock) {
    guard let present else { return }
    let left = max(0, tuning.plan.seconds - tuning.elapsedSeconds)
    var text =
      "rung \(present.rung + 1)/\(tuning.plan.rungs.count)  candidate "
      + "\(present.candidate.number)  \(present.candidate.layerCount) x "
      + "\(present.candidate.hiddenSize)  \(Numbers.duration(clock.elapsedSeconds)) of "
      + "\(Numbers.duration(present.seconds))"
    if let nats { text += "  train \(Numbers.fixed(nats, 3)) nats" }
    text += "  \(Numbers.duration(left)) left"
    shown.write(String(text.prefix(Console.errorColumns - 1)), isFinal: false)
  }

  /// Ends the open line, so that what follows starts on its own.
  mutating func close() {
    shown.close()
  }

  private static func cells(_ candidate: TuningCandidate, _ result: TuningResult) -> [String] {
    [
      "\(result.rung + 1)", "\(candidate.number)", "\(candidate.layerCount)",
      "\(candidate.hiddenSize)", "\(candidate.dropout)", "\(candidate.outputDropout)",
      "\(candidate.batchSize)",
      "\(candidate.sequenceLength)", "\(candidate.learningRate)", "\(candidate.weightDecay)",
      Numbers.duration(result.seconds), Numbers.grouped(result.stepCount),
      result.natsPerToken.map { Numbers.fixed($0, 4) } ?? "failed",
    ]
  }

  private static func line(_ cells: [String]) -> String {
    zip(cells, widths).map { cell, width in
      String(repeating: " ", count: max(0, width - cell.count)) + cell
    }.joined(separator: "  ")
  }

  /// All results: the last rung first, and in each rung the best first.
  static func table(_ tuning: Tuning) -> [String] {
    let ranked = tuning.results.sorted { left, right in
      left.rung == right.rung
        ? (left.natsPerToken ?? .infinity) < (right.natsPerToken ?? .infinity)
        : left.rung > right.rung
    }
    return [line(header)]
      + ranked.map { line(cells(tuning.candidates[$0.candidate - 1], $0)) }
  }

  /// The command that trains with a candidate's settings: the search's own with what it alone
  /// understands left out.
  static func command(
    _ arguments: [String], _ candidate: TuningCandidate, seconds: Double
  ) -> String {
    let withValue: Set = ["--budget", "--candidates", "--output", "-o", "--format"]
    let flags: Set = ["--resume", "--overwrite", "--quiet", "-q", "--verbose", "-v"]
    var kept = ["textlm", "train"]
    var skipsNext = false
    for argument in arguments.drop(while: { $0 == "tune" }) {
      if skipsNext {
        skipsNext = false
      } else if withValue.contains(argument) {
        skipsNext = true
      } else if !flags.contains(argument),
        !withValue.contains(String(argument.prefix { $0 != "=" }))
      {
        kept.append(argument)
      }
    }
    let budget = Int(max(1, seconds.rounded()))
    return (kept + candidate.options + ["--budget", "\(budget)s"]).map(quoted).joined(
      separator: " ")
  }

  /// A word as a shell reads it.
  private static func quoted(_ word: String) -> String {
    let plain = word.utf8.allSatisfy {
      $0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z")
        || $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z")
        || $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") || "-_./=:,+@%".utf8.contains($0)
    }
    return plain && !word.isEmpty ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
