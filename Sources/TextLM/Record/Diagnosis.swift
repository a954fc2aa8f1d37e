/// What the curves of a training say about it: whether it learned by heart, too little, or nothing.
///
/// Losses of training are means over a twentieth of the run, because single batches jump.
public struct Diagnosis: Sendable, Equatable {
  /// One thing that the curves say. Losses are in nats per token.
  public enum Finding: Sendable, Equatable {
    /// The training loss rose far above its least value, or stopped being a number.
    case diverged(step: Int, least: Double, last: Double, learningRate: Double)
    /// The run went back to an earlier state so many times, because its loss had exploded.
    case rolledBack(count: Int, firstStep: Int)
    /// Too few steps to say anything.
    case tooShort(steps: Int, epochs: Double)
    /// The validation loss rose after its best while the training loss fell.
    case overfitting(
      bestEpoch: Double, best: Double, last: Double, trainingThen: Double, trainingNow: Double)
    /// The validation loss was at its best at the end and had not stopped falling.
    case stillFalling(by: Double, inEpochs: Double)
    /// The text that was learned from is predicted much better than the other.
    case wideGap(training: Double, validation: Double)
    /// Both losses are alike and no longer fall: the model takes up no more.
    case underfitting(training: Double, validation: Double)
    /// None of these.
    case sound(training: Double, validation: Double)
  }

  /// What a run was told to do, as far as it explains its curves or may be advised to change.
  public struct Circumstances: Sendable, Equatable {
    /// The option that drops units and what it was set to; nil where there is none to set.
    public var dropout: Dropout?
    /// Whether the run was measured on text that it did not learn from.
    public var isHeldOut: Bool
    /// Whether training is made harder than use, by dropout, noise and the like: then its losses are
    /// above the model's own, and say little beside those of validation.
    public var isTrainingHindered: Bool
    /// What decided how long the run was.
    public var end: End

    /// An option that drops units.
    public struct Dropout: Sendable, Equatable {
      /// As it is written: `--dropout` or `--output-dropout`.
      public let option: String
      /// The part of units that it drops.
      public let rate: Double

      /// A rate and where it is set.
      public init(option: String, rate: Double) {
        self.option = option
        self.rate = rate
      }
    }

    /// What ends a run.
    public enum End: Sendable, Equatable {
      /// The time, epochs or steps that it was given.
      case length
      /// The most epochs that were thought good for its text.
      case epochs
      /// Evaluations that were no better.
      case patience
    }

    /// Circumstances of a run.
    public init(
      dropout: Dropout? = nil, isHeldOut: Bool = true, isTrainingHindered: Bool = false,
      end: End = .length
    ) {
      self.dropout = dropout
      self.isHeldOut = isHeldOut
      self.isTrainingHindered = isTrainingHindered
      self.end = end
    }
  }

  /// What was found, the most important first.
  public let findings: [Finding]
  /// What the run was told to do.
  public let circumstances: Circumstances

  /// Fewer steps or epochs than these say nothing.
  private static let fewestSteps = 60
  private static let fewestEpochs = 0.5
  /// A rise of the training loss that is no accident: a part of the least loss, and nats.
  private static let explosion = (part: 0.2, nats: 0.3)
  /// Changes of a loss by more than this part of it mean something.
  private static let change = 0.005
  /// A gap between the losses that is wide, and one that is none, as a part of the validation loss.
  private static let wideGap = 0.2
  private static let narrowGap = 0.03
  /// Before the text was read again, the training loss is one of unknown text too.
  private static let epochsOfNewText = 1.5

  /// Looks at a record of a run under these circumstances.
  public init(_ record: RunRecord, _ circumstances: Circumstances = Circumstances()) {
    self.circumstances = circumstances
    var findings: [Finding] = []
    if let first = record.rollbacks.first {
      findings.append(.rolledBack(count: record.rollbacks.count, firstStep: first))
    }
    if let divergence = Self.divergence(record) {
      findings.append(divergence)
    } else if let last = record.steps.last,
      record.steps.count < Self.fewestSteps || last.epoch < Self.fewestEpochs
    {
      findings.append(.tooShort(steps: last.step, epochs: last.epoch))
    } else if circumstances.isHeldOut {
      findings += Self.comparison(record, circumstances)
    }
    self.findings = findings
  }

  private static func divergence(_ record: RunRecord) -> Finding? {
    guard let last = record.steps.last else { return nil }
    let points = record.points(of: .loss)
    let smooth = points.smoothed(reach: max(2, points.count / 100))
    guard let least = smooth.min(by: { $0.y < $1.y }), let end = smooth.last else { return nil }
    let limit = least.y + max(explosion.nats, explosion.part * least.y)
    let lastLoss = last.natsPerToken.isFinite ? end.y : .nan
    guard !(lastLoss <= limit) else { return nil }
    return .diverged(
      step: Int(least.x), least: least.y, last: lastLoss,
      learningRate: record.steps.reduce(0) { max($0, $1.learningRate) })
  }

  /// Training against validation.
  private static func comparison(
    _ record: RunRecord, _ circumstances: Circumstances
  ) -> [Finding] {
    guard let best = record.best, let last = record.measurements.last, last.natsPerToken.isFinite
    else { return [] }
    let trainingNow = record.trainingLoss(at: last.step)
    let trainingThen = record.trainingLoss(at: best.step)
    let threshold = change * best.natsPerToken
    if last.natsPerToken - best.natsPerToken > threshold, trainingNow < trainingThen {
      return [
        .overfitting(
          bestEpoch: record.step(at: best.step)?.epoch ?? 0, best: best.natsPerToken,
          last: last.natsPerToken, trainingThen: trainingThen, trainingNow: trainingNow)
      ]
    }
    var findings: [Finding] = []
    // The fall over the last quarter of the steps, or over what was measured.
    let earlier = record.measurements.last { 4 * $0.step <= 3 * last.step }
    let fall = earlier.map { $0.natsPerToken - best.natsPerToken } ?? .nan
    if let earlier, fall > 2 * threshold, circumstances.end != .patience {
      let epochs = [last.step, earlier.step].map { record.step(at: $0)?.epoch ?? 0 }
      findings.append(.stillFalling(by: fall, inEpochs: epochs[0] - epochs[1]))
    }
    let gap = last.natsPerToken - trainingNow
    let isComparable =
      !circumstances.isTrainingHindered
      && (record.steps.last?.epoch ?? 0) >= epochsOfNewText
    if gap > wideGap * last.natsPerToken {
      findings.append(.wideGap(training: trainingNow, validation: last.natsPerToken))
    } else if isComparable, gap < narrowGap * last.natsPerToken, fall <= 2 * threshold {
      findings.append(.underfitting(training: trainingNow, validation: last.natsPerToken))
    }
    return findings.isEmpty
      ? [.sound(training: trainingNow, validation: last.natsPerToken)] : findings
  }
}

extension RunRecord {
  /// The mean training loss of a twentieth of the run, up to `step`.
  func trainingLoss(at step: Int) -> Double {
    let count = max(5, steps.count / 20)
    let window = steps.prefix { $0.step <= step }.suffix(count).map(\.natsPerToken)
      .filter(\.isFinite)
    return window.isEmpty ? .nan : window.reduce(0, +) / Double(window.count)
  }
}
