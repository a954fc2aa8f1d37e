/// The sizes and steps that suit a text, a time and this machine, chosen when none are given.
///
/// The rule: a model learns best when it sees the text a few times in the time there is. So the
/// machine's speed is measured, the epochs that each size of a ladder would get are computed from
/// its multiplications per character, and the largest size that gets enough of them is taken. Sizes
/// are bounded by the text too, because a large model learns a short text by heart.
public struct AutomaticPlan: Sendable, Equatable {
  /// The time when none is given: five minutes.
  public static let standardSeconds = 300.0
  /// The seed when none is given.
  public static let standardSeed: UInt64 = 1

  /// The time to train.
  public let seconds: Double
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

  /// Chooses for a text of `characterCount` characters; measures the machine for about 0.2 s.
  public init(characterCount: Int, seconds: Double, hasBFloat16: Bool) {
    self.init(
      characterCount: characterCount, seconds: seconds,
      gigaflops: Engine.measurePeakGigaflops() * (hasBFloat16 ? 1.2 : 0.7))
  }

  /// Chooses for a machine that gets `gigaflops` out of training.
  init(characterCount: Int, seconds: Double, gigaflops: Double) {
    let size = Self.size(characterCount: characterCount, seconds: seconds, gigaflops: gigaflops)
    let epochs = size.epochs(characterCount, seconds: seconds, gigaflops: gigaflops)
    let dropout = size.layers == 1 ? 0 : epochs > 20 ? 0.4 : epochs > 8 ? 0.25 : 0.1
    self.seconds = seconds
    hyperparameters = [
      ("layers", "\(size.layers)"), ("hidden_size", "\(size.hidden)"), ("dropout", "\(dropout)"),
    ]
    batchSize = characterCount < 200_000 ? 16 : 32
    sequenceLength = 64
    learningRate = size.hidden >= 512 ? 3e-3 : 4e-3
    explanation = [
      "chosen: \(size.layers) x \(size.hidden) LSTM, dropout \(dropout), batch \(batchSize) x "
        + "\(sequenceLength), learning rate \(learningRate)",
      "because \(characterCount) characters in \(Int(seconds)) s at about \(Int(gigaflops)) GFLOP/s "
        + "are some \(Int(epochs.rounded())) epochs at this size",
    ]
  }

  /// A rung of the ladder.
  private struct Size {
    let layers: Int
    let hidden: Int

    /// Multiplications of matrices take 6 operations for each weight and character; the bottom
    /// layer's input weights take none, because they act on the vocabulary's few rows.
    func epochs(_ characterCount: Int, seconds: Double, gigaflops: Double) -> Double {
      let weights = Double(4 * hidden * hidden * (2 * layers - 1))
      return gigaflops * 1e9 / (6 * weights) * seconds / Double(max(characterCount, 1))
    }
  }

  private static let ladder = [
    Size(layers: 1, hidden: 128), Size(layers: 1, hidden: 192), Size(layers: 1, hidden: 256),
    Size(layers: 1, hidden: 384), Size(layers: 1, hidden: 512), Size(layers: 2, hidden: 384),
    Size(layers: 2, hidden: 512), Size(layers: 2, hidden: 768), Size(layers: 2, hidden: 1024),
  ]

  private static func size(characterCount: Int, seconds: Double, gigaflops: Double) -> Size {
    let enough = ladder.last { size in
      let weights = 4 * size.hidden * size.hidden * (2 * size.layers - 1)
      return size.epochs(characterCount, seconds: seconds, gigaflops: gigaflops) >= 2.5
        && weights <= 4 * characterCount
    }
    return enough ?? ladder[0]
  }

  /// Equal when all choices are.
  public static func == (left: AutomaticPlan, right: AutomaticPlan) -> Bool {
    left.explanation == right.explanation && left.seconds == right.seconds
  }
}
