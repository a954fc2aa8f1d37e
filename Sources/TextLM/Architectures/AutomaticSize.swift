/// A size of an architecture that can be chosen when none is given, with what it takes to train.
public struct AutomaticSize: Sendable {
  /// What differs from the standard, as for `--set`; dropout is chosen besides.
  public let hyperparameters: [(name: String, value: String)]
  /// Layers on top of each other; between several there may be dropout.
  public let layerCount: Int
  /// Weights of matrices, which are how much can be learned by heart.
  public let weightCount: Int
  /// Multiplications and additions for each character as if all went as fast as an LSTM's do: what
  /// is slower counts more.
  public let work: Double
  /// Fewer epochs than this leave it untrained.
  public let fewestEpochs: Double
  /// The greatest learning rate that suits it.
  public let learningRate: Double

  /// A size of these numbers.
  ///
  /// - Parameter work: That of learning if nil: each weight multiplies each character once forwards
  ///   and twice backwards.
  public init(
    _ hyperparameters: [(name: String, value: String)], layerCount: Int, weightCount: Int,
    work: Double? = nil, fewestEpochs: Double, learningRate: Double
  ) {
    self.hyperparameters = hyperparameters
    self.layerCount = layerCount
    self.weightCount = weightCount
    self.work = work ?? 6 * Double(weightCount)
    self.fewestEpochs = fewestEpochs
    self.learningRate = learningRate
  }

  /// Sizes of several widths with everything else standard, those that the architecture allows.
  ///
  /// - Parameters:
  ///   - kind: The architecture.
  ///   - widths: Values of its `widthName`.
  ///   - slowness: How many times longer its operations take than an LSTM's.
  public static func widths<Kind: CausalArchitecture>(
    of kind: Kind.Type, _ widths: [Int], slowness: Double = 1
  ) -> [AutomaticSize] {
    widths.compactMap { width in
      let written = [(name: kind.widthName, value: "\(width)")]
      let architecture: Kind
      do throws(ArchitectureError) {
        architecture = try kind.init(written: written)
      } catch {
        // A width that the standard of another hyperparameter does not go with is no choice.
        return nil
      }
      let weights = architecture.parameterCount(inputSize: architecture.standardEmbeddingSize)
      return AutomaticSize(
        written, layerCount: architecture.values.layerCount, weightCount: weights,
        work: 6 * Double(weights) * slowness, fewestEpochs: width <= 384 ? 2.5 : 5,
        learningRate: architecture.standardLearningRate)
    }
  }
}

extension AutomaticSize {
  /// Sizes of recurrent layers: one up to a width of 512, then two.
  ///
  /// - Parameters:
  ///   - gateCount: Matrices of H · H that a layer has for its state, and as many for its input.
  ///   - rate: The learning rate, as a part of an LSTM's.
  static func recurrentLayers(gateCount: Int, rate: Double = 1) -> [AutomaticSize] {
    [
      (1, 128), (1, 192), (1, 256), (1, 384), (1, 512), (2, 384), (2, 512), (2, 768), (2, 1024),
    ].map { layers, hidden in
      AutomaticSize(
        [("layers", "\(layers)"), ("hidden_size", "\(hidden)")], layerCount: layers,
        // The bottom layer's input weights act on the vocabulary's few rows only.
        weightCount: gateCount * hidden * hidden * (2 * layers - 1),
        fewestEpochs: layers == 1 && hidden <= 384 ? 2.5 : 5,
        learningRate: rate * AutomaticPlan.learningRate(hiddenSize: hidden))
    }
  }
}

extension Hyperparameters {
  /// The value of `layers`; 1 where there is no such hyperparameter.
  var layerCount: Int { hasCount("layers") ? count("layers") : 1 }
}
