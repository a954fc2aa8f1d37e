/// The sizes and steps that suit a text, a time and this machine, chosen when none are given.
///
/// The rule: a model learns best when it sees the text a few times in the time there is. So the
/// machine's speed is measured, the epochs that each size of a ladder would get are computed from
/// its multiplications per character, and the largest size that gets enough of them is taken. Sizes
/// are bounded by the text too, and so is the number of epochs: a large model learns a short text
/// by heart, and then more time makes it worse. Dropout of the output, more of it for more epochs,
/// puts that off.
public struct AutomaticPlan: Sendable {
  /// The time when none is given: five minutes.
  public static let standardSeconds = 300.0
  /// The seed when none is given.
  public static let standardSeed: UInt64 = 1

  /// Epochs after which to end before the time is over, because more would be learned by heart; nil
  /// where the time does not suffice for so many.
  public let mostEpochs: Int?
  /// Part of the top layer's output that is zeroed in training.
  public let outputDropout: Double
  /// Sizes and dropout, as for `--set`.
  public private(set) var hyperparameters: [(name: String, value: String)]
  /// Rows of a batch.
  public let batchSize: Int
  /// Steps of a window.
  public let sequenceLength: Int
  /// The greatest learning rate.
  public let learningRate: Double
  /// What was chosen and why, in words.
  public let explanation: [String]

  /// Operations a second that training gets, as a part of the machine's float32 peak. bfloat16 gets
  /// more than is said here where it is hardware; a plan that ends early is better than one that does
  /// not end.
  private static func share(_ precision: ComputePrecision) -> Double {
    switch precision {
    case .float32: 0.65
    case .bfloat16, .int16: 0.85
    }
  }
  /// More epochs than this are learned by heart, unless they are fewer steps than `fewestSteps`.
  private static let usualEpochs = 12
  /// Fewer steps than this hardly move a new model; very little text takes more epochs for them, up
  /// to `mostEpochsOfLittleText`.
  private static let fewestSteps = 2000.0
  private static let mostEpochsOfLittleText = 30.0
  /// With fewer epochs than this layers are normalized: they learn more from each step, and with more
  /// epochs more by heart.
  private static let epochsToNormalize = 5.0
  /// Weights of matrices for each character of the text, at most.
  private static let weightsPerCharacter = 5

  /// Chooses for a text of `characterCount` characters; measures the machine for about 0.3 s.
  ///
  /// - Parameters:
  ///   - kind: What the model is to be.
  ///   - characterCount: The size of the text, with what is held out of it.
  ///   - seconds: The time to train.
  ///   - precision: The format of the products.
  public init(
    _ kind: any CausalArchitecture.Type = LSTMArchitecture.self, characterCount: Int,
    seconds: Double, precision: ComputePrecision = Engine.fastestPrecision
  ) {
    self.init(
      kind, characterCount: characterCount, seconds: seconds,
      gigaflops: Self.gigaflops(precision))
  }

  /// What this machine gets out of training; measures it for about 0.3 s.
  package static func gigaflops(_ precision: ComputePrecision) -> Double {
    Engine.measurePeakGigaflops() * share(precision)
  }

  /// Chooses for a machine that gets `gigaflops` out of training.
  package init(
    _ kind: any CausalArchitecture.Type = LSTMArchitecture.self, characterCount: Int,
    seconds: Double, gigaflops: Double
  ) {
    // A thousand years are enough, and small enough to print as a whole number.
    let seconds = min(max(seconds, 0), 3e10)
    let sizes = Self.sizes(of: kind, characterCount: characterCount)
    let size =
      sizes.last {
        $0.epochs(characterCount, seconds: seconds, gigaflops: gigaflops)
          >= $0.fewestEpochs
      } ?? sizes[0]
    let epochs = size.epochs(characterCount, seconds: seconds, gigaflops: gigaflops)
    batchSize = min(
      kind.standardBatchSize, characterCount < 100_000 ? 8 : characterCount < 300_000 ? 16 : 32)
    sequenceLength = 64
    let stepsPerEpoch =
      0.9 * Double(max(characterCount, 1)) / Double(batchSize * sequenceLength)
    let mostEpochs = Self.mostEpochs(stepsPerEpoch: stepsPerEpoch)
    let isBounded = epochs > Double(mostEpochs)
    self.mostEpochs = isBounded ? mostEpochs : nil
    let expected = min(epochs, Double(mostEpochs))
    // A short text is learned by heart sooner: its epochs are more, and of fewer characters.
    let pressure = min(max((expected - 2) * 0.05, 0), 0.4)
    outputDropout = (pressure * 20).rounded() / 20
    func has(_ name: String) -> Bool { kind.hyperparameters.contains { $0.name == name } }
    hyperparameters = size.hyperparameters
    if size.layerCount > 1, has("dropout") {
      hyperparameters.append(("dropout", "\(max(kind.leastDropout, outputDropout))"))
    }
    if has("layer_norm") {
      hyperparameters.append(("layer_norm", expected < Self.epochsToNormalize ? "1" : "0"))
    }
    learningRate = size.learningRate
    let settings = hyperparameters.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
    explanation = [
      "chosen: \(kind.name) with \(settings), dropout of the output \(outputDropout), batch "
        + "\(batchSize) x \(sequenceLength), learning rate \(learningRate)",
      isBounded
        ? "because \(characterCount) characters are learned by heart by a larger model or in more "
          + "than \(mostEpochs) epochs"
        : "because \(characterCount) characters in \(Int(seconds)) s at about \(Int(gigaflops)) "
          + "GFLOP/s are some \(Int(min(epochs, 1e9).rounded())) epochs at this size",
    ]
  }

  /// The sizes of an architecture that a text does not forbid, the smallest first, which none does.
  static func sizes(of kind: any CausalArchitecture.Type, characterCount: Int) -> [AutomaticSize] {
    let sizes = kind.automaticSizes
    precondition(!sizes.isEmpty, "automatic plan: \(kind.name) has no sizes to choose from")
    return sizes.prefix(1)
      + sizes.dropFirst().filter { $0.weightCount / weightsPerCharacter <= characterCount }
  }

  /// Epochs after which a new model learns more by heart than it gains.
  static func mostEpochs(stepsPerEpoch: Double) -> Int {
    max(usualEpochs, Int(min(fewestSteps / stepsPerEpoch, mostEpochsOfLittleText)))
  }

  /// The greatest learning rate for layers of a width: wide layers take smaller steps.
  public static func learningRate(hiddenSize: Int) -> Double {
    hiddenSize > 512 ? 2e-3 : hiddenSize > 384 ? 3e-3 : 4e-3
  }
}

extension AutomaticSize {
  /// Passes over the text in the time, with a tenth of it held out.
  func epochs(
    _ characterCount: Int, seconds: Double, gigaflops: Double
  ) -> Double {
    gigaflops * 1e9 / work * seconds / (0.9 * Double(max(characterCount, 1)))
  }
}
