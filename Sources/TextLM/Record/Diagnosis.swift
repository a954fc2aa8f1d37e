/// What the curves of a training say about it: whether it learned by heart, too little, or nothing.
///
/// Losses of training are means over a twentieth of the run, because single batches jump. They are
/// measured with dropout, which makes them a little worse than the model is.
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

  /// What was found, the most important first.
  public let findings: [Finding]
  /// The dropout that the run had; nil where its architecture has none.
  public let dropout: Double?

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

  /// Looks at a record.
  ///
  /// - Parameters:
  ///   - record: What the run did.
  ///   - dropout: The dropout that it had, to advise another.
  ///   - isHeldOut: Whether it was measured on text that it did not learn from.
  public init(_ record: RunRecord, dropout: Double? = nil, isHeldOut: Bool = true) {
    self.dropout = dropout
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
    } else if isHeldOut {
      findings += Self.comparison(record)
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
  private static func comparison(_ record: RunRecord) -> [Finding] {
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
    if let earlier, fall > 2 * threshold {
      let epochs = [last.step, earlier.step].map { record.step(at: $0)?.epoch ?? 0 }
      findings.append(.stillFalling(by: fall, inEpochs: epochs[0] - epochs[1]))
    }
    let gap = last.natsPerToken - trainingNow
    if gap > wideGap * last.natsPerToken {
      findings.append(.wideGap(training: trainingNow, validation: last.natsPerToken))
    } else if gap < narrowGap * last.natsPerToken, fall <= 2 * threshold {
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
