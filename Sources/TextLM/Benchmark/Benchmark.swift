/// Measures this machine with a model of given sizes: training, writing and scoring.
///
/// The text is random, because speed does not depend on it; the sizes are those that speed depends
/// on. Each figure is the median of several repetitions.
public struct Benchmark: Sendable {
  /// The architecture's name.
  public let architecture: String
  /// Layers of the encoder, where it has a number of them.
  public let layerCount: Int
  /// Width of each layer and of the embedding.
  public let hiddenSize: Int
  /// Rows of a batch.
  public let batchSize: Int
  /// Steps of a window.
  public let sequenceLength: Int
  /// Tokens of the vocabulary, with the boundary and the unknown one.
  public let vocabularySize: Int
  /// The operands' format in matrix products, in training.
  public let precision: ComputePrecision

  /// The sizes that results are usually given for, with char-rnn's first.
  public static func standard(
    _ precision: ComputePrecision, architecture: String = LSTMArchitecture.name
  ) -> [Benchmark] {
    [(2, 128, 50, 50), (2, 256, 64, 128), (3, 512, 64, 128), (1, 1024, 64, 128)].map {
      Benchmark(
        architecture: architecture, layerCount: $0.0, hiddenSize: $0.1, batchSize: $0.2,
        sequenceLength: $0.3, precision: precision)
    }
  }

  /// A benchmark of these sizes.
  public init(
    architecture: String = LSTMArchitecture.name, layerCount: Int, hiddenSize: Int,
    batchSize: Int, sequenceLength: Int, vocabularySize: Int = 65, precision: ComputePrecision
  ) {
    self.architecture = architecture
    self.layerCount = layerCount
    self.hiddenSize = hiddenSize
    self.batchSize = batchSize
    self.sequenceLength = sequenceLength
    self.vocabularySize = vocabularySize
    self.precision = precision
  }

  /// What was measured; rates are characters a second.
  public struct Result: Sendable, Equatable {
    /// Whole training steps: forward, backward, clipping and optimizer.
    public let trained: Double
    /// One text written character by character.
    public let generated: Double
    /// A long text scored, in stretches side by side.
    public let scored: Double
    /// Operations of the matrix products in a second of training, in GFLOP/s: those that are done,
    /// which are fewer than a layer by layer count because the bottom layer's input is folded into
    /// the embedding.
    public let trainingGigaflops: Double
  }

  /// Measures for about `seconds` each.
  ///
  /// Throws `ArchitectureError` for an architecture that there is none of, or a width that it cannot
  /// have.
  public func measure(seconds: Double) throws -> Result {
    let kind = try ArchitectureRegistry.builtIn.architecture(named: architecture)
    let hasLayers = kind.hyperparameters.contains { $0.name == "layers" }
    let width = [(name: kind.widthName, value: "\(hiddenSize)")]
    let configuration = ModelConfiguration(
      architecture: try kind.init(
        written: width + (hasLayers ? [("layers", "\(layerCount)")] : [])),
      embeddingSize: hiddenSize)
    let model = try configuration.makeModel(
      vocabularySize: vocabularySize, from: RandomParameters(seed: 1))
    let trained = try trainingRate(model, seconds: seconds)
    return Result(
      trained: trained, generated: generationRate(model, seconds: seconds),
      scored: scoringRate(model, seconds: seconds),
      trainingGigaflops: trained * operationsPerCharacter(configuration.architecture) / 1e9)
  }

  /// Six operations for each weight that every character passes.
  ///
  /// Weights whose number grows with the embedding are those that it is multiplied with, which
  /// recurrent layers do for the vocabulary's rows alone.
  private func operationsPerCharacter(_ architecture: any CausalArchitecture) -> Double {
    let count = architecture.parameterCount(inputSize: hiddenSize)
    let ofInput = architecture.parameterCount(inputSize: 2 * hiddenSize) - count
    return 6 * Double(count - ofInput + hiddenSize * vocabularySize)
  }

  private func randomTokens(_ count: Int) -> [TokenID] {
    var random = RandomSource(seed: 1)
    let first = Int(Vocabulary.unknown) + 1
    return (0..<count).map { _ in TokenID(first + random.nextInt(below: vocabularySize - first)) }
  }

  private func trainingRate<Model: LanguageModel>(
    _ model: Model, seconds: Double
  ) throws -> Double {
    let length = 4 * sequenceLength
    let streams = TokenStreams(
      cutting: TokenStore(randomTokens(batchSize * length + 1)), into: batchSize)
    var trainer = Trainer(
      model, streams, sequenceLength: sequenceLength,
      TrainerSettings(seed: 1, precision: precision))
    return try Self.medianRate(seconds: seconds, warmUp: 2) {
      try trainer.next(learningRate: 1e-3).tokenCount
    }
  }

  private func generationRate<Model: LanguageModel>(_ model: Model, seconds: Double) -> Double {
    let reader = ModelReader(model, precision: .float32)
    var sampler = Sampler([], random: RandomSource(seed: 1))
    var token = Vocabulary.boundary
    return Self.medianRate(seconds: seconds, warmUp: 2) {
      for _ in 0..<64 { token = sampler.next(reader.logits(after: [token])) }
      return 64
    }
  }

  private func scoringRate<Model: LanguageModel>(_ model: Model, seconds: Double) -> Double {
    let plan = ScoringPlan(documents: [randomTokens(16 * ScoringPlan.stretchLength)])
    return Self.medianRate(seconds: seconds, warmUp: 1) {
      _ = Scorer().scores(plan, model)
      return plan.targetCount
    }
  }

  /// The median of `body`'s results divided by its times.
  static func medianRate<Failure: Error>(
    seconds: Double, warmUp: Int, _ body: () throws(Failure) -> Int
  ) throws(Failure) -> Double {
    for _ in 0..<warmUp { _ = try body() }
    let clock = ContinuousClock()
    let begin = clock.now
    var rates: [Double] = []
    while rates.count < 3 || (clock.now - begin) / .seconds(1) < seconds {
      let start = clock.now
      let count = try body()
      rates.append(Double(count) / ((clock.now - start) / .seconds(1)))
    }
    return rates.sorted()[rates.count / 2]
  }
}
