/// What a curve of a training shows.
public enum RunMetric: String, Sendable, CaseIterable {
  /// Training and validation loss, in nats per token.
  case loss
  /// The learning rate.
  case rate
  /// The gradients' norm before clipping.
  case norm
  /// Tokens per second.
  case speed

  /// What a plot of it is called.
  public var title: String {
    switch self {
    case .loss: "Loss, nats per token"
    case .rate: "Learning rate"
    case .norm: "Gradient norm before clipping"
    case .speed: "Tokens per second"
    }
  }

  func value(of step: RunRecord.Step) -> Double {
    switch self {
    case .loss: step.natsPerToken
    case .rate: step.learningRate
    case .norm: step.gradientNorm
    case .speed: step.tokensPerSecond
    }
  }
}

/// What a curve of a training runs over.
public enum RunAxis: String, Sendable, CaseIterable {
  /// Optimizer steps.
  case steps
  /// Passes over the text.
  case epochs
  /// Seconds since the run began.
  case seconds

  func value(of step: RunRecord.Step) -> Double {
    switch self {
    case .steps: Double(step.step)
    case .epochs: step.epoch
    case .seconds: step.elapsedSeconds
    }
  }

  func value(of measurement: RunRecord.Measurement, in record: RunRecord) -> Double {
    switch self {
    case .steps: Double(measurement.step)
    case .epochs: record.step(at: measurement.step)?.epoch ?? 0
    case .seconds: measurement.elapsedSeconds
    }
  }
}

extension RunRecord {
  /// A value for each step, those that are not finite left out.
  public func points(of metric: RunMetric, over axis: RunAxis = .steps) -> [PlotPoint] {
    steps.compactMap { PlotPoint(finite: axis.value(of: $0), metric.value(of: $0)) }
  }

  /// The validation loss at each measurement, in nats per token.
  public func validationPoints(over axis: RunAxis = .steps) -> [PlotPoint] {
    measurements.compactMap {
      PlotPoint(finite: axis.value(of: $0, in: self), $0.natsPerToken)
    }
  }
}
