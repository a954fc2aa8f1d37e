/// What every step of a training has in common.
public struct TrainerSettings: Sendable, Equatable {
  /// Where dropout masks come from.
  public var seed: UInt64
  /// The operands' format in matrix products.
  public var precision: ComputePrecision
  /// λ of AdamW.
  public var weightDecay: Double
  /// Bounds the gradients' global norm; nil leaves them alone.
  public var clip: GradientClip?

  /// Settings of these values.
  public init(
    seed: UInt64, precision: ComputePrecision = .float32, weightDecay: Double = 0.01,
    clip: GradientClip? = GradientClip(maximumNorm: 1)
  ) {
    self.seed = seed
    self.precision = precision
    self.weightDecay = weightDecay
    self.clip = clip
  }
}

/// How far a training is.
public struct TrainingProgress: Sendable, Equatable {
  /// Optimizer steps taken.
  public internal(set) var step = 0
  /// Epochs begun and ended.
  public internal(set) var epoch = 0
  /// The window of the epoch that is next.
  public internal(set) var window = 0
  /// Tokens predicted so far.
  public internal(set) var tokenCount = 0

  mutating func advance(tokens: Int, windowCount: Int) {
    step += 1
    tokenCount += tokens
    window += 1
    if window >= windowCount {
      window = 0
      epoch += 1
    }
  }

  /// Epochs with the part of the present one.
  func epochsDone(windowCount: Int) -> Double {
    Double(epoch) + Double(window) / Double(max(windowCount, 1))
  }
}

/// What one step did.
public struct StepReport: Sendable, Equatable {
  /// The number of the step, from 1.
  public let step: Int
  /// Epochs done, with the part of the present one.
  public let epoch: Double
  /// The loss, mean cross-entropy of the batch.
  public let natsPerToken: Double
  /// The learning rate.
  public let learningRate: Double
  /// The gradients' norm before clipping.
  public let gradientNorm: Double
  /// Tokens predicted.
  public let tokenCount: Int
}
