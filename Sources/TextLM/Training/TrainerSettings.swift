/// What every step of a training has in common.
public struct TrainerSettings: Sendable, Equatable {
  /// Where dropout masks come from.
  public var seed: UInt64
  /// The operands' format in matrix products.
  public var precision: ComputePrecision
  /// By which rule gradients become steps.
  public var optimizer: OptimizerRule
  /// λ, weight decay: decoupled but for `OptimizerRule.adam`.
  public var weightDecay: Double
  /// Bounds the gradients' global norm; nil leaves them alone.
  public var clip: GradientClip?
  /// Bounds each element of the gradients; nil leaves them alone.
  public var gradientLimit: Double?
  /// The weight of ½ Σ θ² in the gradient.
  public var l2: Double
  /// The weight of Σ |θ|, as a proximal step.
  public var l1: Double
  /// What else training does against learning by heart.
  public var regularization: Regularization
  /// Where rows are cut into windows.
  public var windows: WindowRule
  /// How the text that is read is disturbed.
  public var noise: NoiseRule
  /// How weights are averaged to be measured and kept; nil takes them as they are.
  public var averaging: AveragingRule?

  /// Settings of these values.
  public init(
    seed: UInt64, precision: ComputePrecision = .float32, optimizer: OptimizerRule = .standard,
    weightDecay: Double = 0.01, clip: GradientClip? = GradientClip(maximumNorm: 1),
    gradientLimit: Double? = nil, l2: Double = 0, l1: Double = 0,
    regularization: Regularization = .none, windows: WindowRule = WindowRule(),
    noise: NoiseRule = .none, averaging: AveragingRule? = nil
  ) {
    self.seed = seed
    self.precision = precision
    self.optimizer = optimizer
    self.weightDecay = weightDecay
    self.clip = clip
    self.gradientLimit = gradientLimit
    self.l2 = l2
    self.l1 = l1
    self.regularization = regularization
    self.windows = windows
    self.noise = noise
    self.averaging = averaging
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
  /// Where the average of the weights is; nil where there is none.
  public internal(set) var average: WeightAverage.Progress?

  mutating func advance(tokens: Int, windowCount: Int) {
    step += 1
    tokenCount += tokens
    window += 1
    if window >= windowCount {
      window = 0
      epoch += 1
    }
  }
}

/// What one step did.
public struct StepReport: Sendable, Equatable {
  /// The number of the step, from 1.
  public let step: Int
  /// Epochs done, with the part of the present one.
  public let epoch: Double
  /// Mean cross-entropy of the batch, without penalties and label smoothing.
  public let natsPerToken: Double
  /// The learning rate.
  public let learningRate: Double
  /// The gradients' norm before clipping.
  public let gradientNorm: Double
  /// Tokens predicted.
  public let tokenCount: Int
}
