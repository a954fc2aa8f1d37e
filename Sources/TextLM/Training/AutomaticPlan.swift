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
  /// Layers, width and dropout, as for `--set`.
  public let hyperparameters: [(name: String, value: String)]
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
  /// Fewer epochs than this leave a size untrained. What a wider or a second layer can do beyond a
  /// single one of 384 it learns later than that one learns its own.
  private static func fewestEpochs(_ size: Size) -> Double {
    size.layers == 1 && size.hidden <= 384 ? 2.5 : 5
  }
  /// More epochs than this are learned by heart, unless they are fewer steps than `fewestSteps`.
  private static let usualEpochs = 12
  /// Fewer steps than this hardly move a new model; a very short text takes more epochs for them,
  /// up to `mostEpochsOfShortText`.
  private static let fewestSteps = 2000.0
  private static let mostEpochsOfShortText = 30.0
  /// With fewer epochs than this layers are normalized: they learn more from each step, and with more
  /// epochs more by heart.
  private static let epochsToNormalize = 5.0
  /// Weights of matrices for each character of the text, at most.
  private static let weightsPerCharacter = 5

  /// Chooses for a text of `characterCount` characters; measures the machine for about 0.3 s.
  ///
  /// - Parameters:
  ///   - characterCount: The size of the text, with what is held out of it.
  ///   - seconds: The time to train.
  ///   - precision: The format of the products.
  public init(
    characterCount: Int, seconds: Double, precision: ComputePrecision = Engine.fastestPrecision
  ) {
    self.init(
      characterCount: characterCount, seconds: seconds,
      gigaflops: Engine.measurePeakGigaflops() * Self.share(precision))
  }

  /// Chooses for a machine that gets `gigaflops` out of training.
  init(characterCount: Int, seconds: Double, gigaflops: Double) {
    // A thousand years are enough, and small enough to print as a whole number.
    let seconds = min(max(seconds, 0), 3e10)
    let fitting = Self.ladder.filter {
      $0.weightCount / Self.weightsPerCharacter <= characterCount
    }
    let size =
      fitting.last {
        $0.epochs(characterCount, seconds: seconds, gigaflops: gigaflops)
          >= Self.fewestEpochs($0)
      } ?? Self.ladder[0]
    let epochs = size.epochs(characterCount, seconds: seconds, gigaflops: gigaflops)
    batchSize = characterCount < 100_000 ? 8 : characterCount < 300_000 ? 16 : 32
    sequenceLength = 64
    let stepsPerEpoch =
      0.9 * Double(max(characterCount, 1)) / Double(batchSize * sequenceLength)
    let mostEpochs = max(
      Self.usualEpochs, Int(min(Self.fewestSteps / stepsPerEpoch, Self.mostEpochsOfShortText)))
    let isBounded = epochs > Double(mostEpochs)
    self.mostEpochs = isBounded ? mostEpochs : nil
    let expected = min(epochs, Double(mostEpochs))
    // A short text is learned by heart sooner: its epochs are more, and of fewer characters.
    let pressure = min(max((expected - 2) * 0.05, 0), 0.4)
    outputDropout = (pressure * 20).rounded() / 20
    let dropout = size.layers > 1 ? max(0.1, outputDropout) : 0
    let isNormalized = expected < Self.epochsToNormalize
    hyperparameters = [
      ("layers", "\(size.layers)"), ("hidden_size", "\(size.hidden)"), ("dropout", "\(dropout)"),
      ("layer_norm", isNormalized ? "1" : "0"),
    ]
    learningRate = Self.learningRate(hiddenSize: size.hidden)
    explanation = [
      "chosen: \(size.layers) x \(size.hidden) LSTM\(isNormalized ? " with layer norm" : ""), dropout \(dropout) between layers and "
        + "\(outputDropout) of the output, batch \(batchSize) x \(sequenceLength), learning rate "
        + "\(learningRate)",
      isBounded
        ? "because \(characterCount) characters are learned by heart by a larger model or in more "
          + "than \(mostEpochs) epochs"
        : "because \(characterCount) characters in \(Int(seconds)) s at about \(Int(gigaflops)) "
          + "GFLOP/s are some \(Int(min(epochs, 1e9).rounded())) epochs at this size",
    ]
  }

  /// The greatest learning rate for layers of a width: wide layers take smaller steps.
  public static func learningRate(hiddenSize: Int) -> Double {
    hiddenSize > 512 ? 2e-3 : hiddenSize > 384 ? 3e-3 : 4e-3
  }

  /// A rung of the ladder.
  private struct Size {
    let layers: Int
    let hidden: Int

    /// Weights that every character is multiplied with; the bottom layer's input weights are not
    /// among them, because they act on the vocabulary's few rows.
    var weightCount: Int { 4 * hidden * hidden * (2 * layers - 1) }

    /// Passes over the text in the time; learning takes 6 operations for each weight and character.
    func epochs(_ characterCount: Int, seconds: Double, gigaflops: Double) -> Double {
      let trained = 0.9 * Double(max(characterCount, 1))
      return gigaflops * 1e9 / (6 * Double(weightCount)) * seconds / trained
    }
  }

  private static let ladder = [
    Size(layers: 1, hidden: 128), Size(layers: 1, hidden: 192), Size(layers: 1, hidden: 256),
    Size(layers: 1, hidden: 384), Size(layers: 1, hidden: 512), Size(layers: 2, hidden: 384),
    Size(layers: 2, hidden: 512), Size(layers: 2, hidden: 768), Size(layers: 2, hidden: 1024),
  ]
}
