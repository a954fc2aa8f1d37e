/// What a run has done so far: its steps, evaluations and samples, as its log has them.
///
/// Steps ascend. When a run goes back to an earlier step and takes the same ones again, only what
/// it did the last time is kept.
public struct RunRecord: Sendable, Equatable {
  /// One optimizer step. A number that the log does not have is NaN.
  public struct Step: Sendable, Equatable {
    /// Its number, from 1.
    public var step: Int
    /// Epochs done after it, with the part of the present one.
    public var epoch: Double
    /// Mean cross-entropy of the batch.
    public var natsPerToken: Double
    /// The learning rate.
    public var learningRate: Double
    /// The gradients' norm before clipping.
    public var gradientNorm: Double
    /// Tokens per second of training steps.
    public var tokensPerSecond: Double
    /// Seconds since the run began.
    public var elapsedSeconds: Double

    /// A step of these numbers.
    public init(
      step: Int, epoch: Double, natsPerToken: Double, learningRate: Double, gradientNorm: Double,
      tokensPerSecond: Double, elapsedSeconds: Double
    ) {
      self.step = step
      self.epoch = epoch
      self.natsPerToken = natsPerToken
      self.learningRate = learningRate
      self.gradientNorm = gradientNorm
      self.tokensPerSecond = tokensPerSecond
      self.elapsedSeconds = elapsedSeconds
    }
  }

  /// One measurement on the validation text.
  public struct Measurement: Sendable, Equatable {
    /// The step after which it was made.
    public var step: Int
    /// Cross-entropy in nats per token.
    public var natsPerToken: Double
    /// Whether it was the best up to then, so that the model was kept.
    public var isBest: Bool
    /// Seconds since the run began.
    public var elapsedSeconds: Double

    /// A measurement of these numbers.
    public init(step: Int, natsPerToken: Double, isBest: Bool, elapsedSeconds: Double) {
      self.step = step
      self.natsPerToken = natsPerToken
      self.isBest = isBest
      self.elapsedSeconds = elapsedSeconds
    }
  }

  /// A text that the model wrote on the way.
  public struct Sample: Sendable, Equatable {
    /// The step after which it was written.
    public var step: Int
    /// What it wrote.
    public var text: String

    /// A text that was written after `step`.
    public init(step: Int, text: String) {
      self.step = step
      self.text = text
    }
  }

  /// All steps, ascending.
  public private(set) var steps: [Step] = []
  /// All measurements, ascending.
  public private(set) var measurements: [Measurement] = []
  /// All samples, ascending.
  public private(set) var samples: [Sample] = []
  /// The steps at which the run went back to an earlier one, because its loss had exploded.
  public private(set) var rollbacks: [Int] = []

  /// A record of nothing.
  public init() {}

  /// The measurement with the least loss.
  public var best: Measurement? {
    measurements.filter(\.natsPerToken.isFinite).min { $0.natsPerToken < $1.natsPerToken }
  }

  /// The last row that is not after `step`, found in O(log n).
  public func step(at step: Int) -> Step? {
    var (low, high) = (0, steps.count)
    while low < high {
      let middle = (low + high) / 2
      if steps[middle].step <= step { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? steps[low - 1] : nil
  }

  /// Adds the step that was taken last.
  public mutating func add(_ step: Step) {
    while let last = steps.last, last.step >= step.step { steps.removeLast() }
    steps.append(step)
  }

  /// Adds the measurement that was made last.
  public mutating func add(_ measurement: Measurement) {
    while let last = measurements.last, last.step >= measurement.step {
      measurements.removeLast()
    }
    measurements.append(measurement)
  }

  /// Adds the sample that was written last.
  public mutating func add(_ sample: Sample) {
    while let last = samples.last, last.step >= sample.step { samples.removeLast() }
    samples.append(sample)
  }

  /// Notes that the run went back at `step`.
  public mutating func addRollback(atStep step: Int) {
    rollbacks.append(step)
  }
}
