/// The size of a network and the number of its epochs that suit labelled texts, a time and this machine,
/// chosen when none are given.
///
/// The rule: a network tells texts apart best when it has read them some ten times, and its learning rate
/// has fallen to nothing by then. So the machine's speed is measured, and the largest of the architecture's
/// `automaticSizes` that reads the texts so often in the time is taken, or the smallest where none does. Sizes
/// are bounded by the texts too, and so is the number of epochs: more would be learned by heart.
public struct AutomaticNetworkPlan: Sendable {
  /// Sizes, as for `--set`.
  public let hyperparameters: [(name: String, value: String)]
  /// Epochs after which to end before the time is over.
  public let mostEpochs: Int
  /// What was chosen and why, in words.
  public let explanation: String

  /// The epochs that a size must get.
  private static let wantedEpochs = 10.0
  /// What training on texts of unlike lengths gets of the speed that a language model's windows get.
  private static let share = 0.5

  /// Chooses for texts to learn from; measures the machine for about 0.3 s.
  ///
  /// - Parameters:
  ///   - kind: What each encoder is to be.
  ///   - sides: From which ends texts are read, by an encoder each.
  ///   - texts: Those to learn from, with what is held out of them.
  ///   - segmenter: What cuts them into tokens.
  ///   - batchSize: Texts of a step.
  ///   - seconds: The time to train.
  ///   - precision: The format of the products.
  public init(
    _ kind: any CausalArchitecture.Type, sides: ReadingSides, texts: [String],
    segmenter: any Segmenter, batchSize: Int = 32, seconds: Double,
    precision: ComputePrecision = .float32
  ) {
    let tokenCount = texts.reduce(0) { sum, text in
      var count = 0
      segmenter.forEachBatch(of: UTF8Text(text).bytes.span) { _, ends in count += ends.count }
      // An epoch has a window of a long text, and the beginning of each.
      return sum + min(count, NeuralTrainingSettings.windowLength) + 1
    }
    self.init(
      kind, sides: sides, textCount: texts.count, tokenCount: tokenCount,
      batchSize: batchSize, seconds: seconds, gigaflops: AutomaticPlan.gigaflops(precision))
  }

  /// Chooses for a machine that gets `gigaflops` out of training a language model.
  package init(
    _ kind: any CausalArchitecture.Type, sides: ReadingSides, textCount: Int, tokenCount: Int,
    batchSize: Int, seconds: Double, gigaflops: Double
  ) {
    let seconds = min(max(seconds, 0), 3e10)
    let sizes = AutomaticPlan.sizes(of: kind, characterCount: tokenCount)
    func epochs(_ size: AutomaticSize) -> Double {
      size.epochs(
        tokenCount, seconds: seconds,
        gigaflops: Self.share * gigaflops / Double(sides.directions.count))
    }
    let size = sizes.last { epochs($0) >= Self.wantedEpochs } ?? sizes[0]
    hyperparameters = size.hyperparameters
    let stepsPerEpoch = max(
      1, textCount / max(batchSize, 1), tokenCount / NeuralTrainingSettings.stepLimit)
    mostEpochs = AutomaticPlan.mostEpochs(stepsPerEpoch: Double(stepsPerEpoch))
    let settings = hyperparameters.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
    explanation =
      "chosen: \(kind.name) with \(settings), because \(textCount) texts of \(tokenCount) tokens in "
      + "\(Int(seconds)) s at about \(Int(Self.share * gigaflops)) GFLOP/s are some "
      + "\(Int(min(epochs(size), 1e9).rounded())) epochs at this size; no more than \(mostEpochs) "
      + "are taken"
  }
}
