/// The values among which `Tuning` draws, each as likely as the others.
///
/// | option | values |
/// |---|---|
/// | layers | 1, 2, 3 |
/// | width | 64, 96, 128, 192, 256, 384, 512, 768, 1024, as far as text and time allow |
/// | dropout between layers | 0, 0.1, 0.2, 0.3, 0.4, 0.5; 0 with one layer |
/// | dropout of the output | 0, 0.1, 0.2, 0.3, 0.4, 0.5 |
/// | rows of a batch | 16, 32, 64 |
/// | steps of a window | 32, 64, 128, 256 |
/// | learning rate | 0.001, 0.0015, 0.002, 0.003, 0.004, 0.006, 0.008 |
/// | weight decay | 0.001, 0.01, 0.03, 0.1 |
///
/// Sizes are left out that have more than four weights for each character of the text, or would read
/// it less than once in the longest training of the search on a machine of a hundred GFLOP/s. That
/// bound is no measurement, so that a seed draws the same candidates on every machine.
public struct TuningSpace: Sendable {
  private let sizes: [(layers: Int, hidden: Int)]

  private static let layerCounts = [1, 2, 3]
  private static let widths = [64, 96, 128, 192, 256, 384, 512, 768, 1024]
  private static let dropouts = [0, 0.1, 0.2, 0.3, 0.4, 0.5]
  private static let batchSizes = [16, 32, 64]
  private static let sequenceLengths = [32, 64, 128, 256]
  private static let learningRates = [0.001, 0.0015, 0.002, 0.003, 0.004, 0.006, 0.008]
  private static let weightDecays = [0.001, 0.01, 0.03, 0.1]
  private static let weightsPerCharacter = 4
  private static let gigaflops = 100.0

  /// The space for a text of so many characters and trainings of at most so many seconds.
  public init(characterCount: Int, seconds: Double) {
    let all = Self.layerCounts.flatMap { layers in Self.widths.map { (layers: layers, hidden: $0) }
    }
    let fitting = all.filter { layers, hidden in
      let weights = 4 * hidden * hidden * (2 * layers - 1)
      // Learning takes 6 operations for each weight and character.
      let characters = Self.gigaflops * 1e9 * seconds / (6 * Double(weights))
      return weights <= Self.weightsPerCharacter * characterCount
        && characters >= Double(characterCount)
    }
    sizes = fitting.isEmpty ? [(1, Self.widths[0])] : fitting
  }

  /// The candidate of a number, which depends on the seed and on nothing drawn before.
  public func candidate(_ number: Int, seed: UInt64) -> TuningCandidate {
    var random = RandomSource(seed: seed).stream("tune \(number)")
    func draw<Value>(_ values: [Value]) -> Value { values[random.nextInt(below: values.count)] }
    let size = draw(sizes)
    let dropout = draw(Self.dropouts)
    return TuningCandidate(
      number: number, layerCount: size.layers, hiddenSize: size.hidden,
      dropout: size.layers > 1 ? dropout : 0, outputDropout: draw(Self.dropouts),
      batchSize: draw(Self.batchSizes),
      sequenceLength: draw(Self.sequenceLengths), learningRate: draw(Self.learningRates),
      weightDecay: draw(Self.weightDecays))
  }
}
